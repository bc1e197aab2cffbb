using System.Text.Json.Serialization;

namespace Holdfast.Issuer;

/// <summary>Authorization server metadata (RFC 8414 §2): only what is true of this issuer as it is set up.</summary>
internal sealed record IssuerMetadata
{
    [JsonPropertyName("issuer")]
    public required string Issuer { get; init; }

    [JsonPropertyName("authorization_endpoint")]
    public string? AuthorizationEndpoint { get; init; }

    [JsonPropertyName("pushed_authorization_request_endpoint")]
    public string? PushedAuthorizationRequestEndpoint { get; init; }

    /// <summary>RFC 9126 §5; absent: false.</summary>
    [JsonPropertyName("require_pushed_authorization_requests")]
    public bool? RequirePushedAuthorizationRequests { get; init; }

    [JsonPropertyName("token_endpoint")]
    public required string TokenEndpoint { get; init; }

    [JsonPropertyName("jwks_uri")]
    public required string JwksUri { get; init; }

    [JsonPropertyName("scopes_supported")]
    public required IReadOnlyList<string> ScopesSupported { get; init; }

    /// <summary>Required by RFC 8414; empty where there is no authorization endpoint.</summary>
    [JsonPropertyName("response_types_supported")]
    public IReadOnlyList<string> ResponseTypesSupported { get; init; } = [];

    [JsonPropertyName("response_modes_supported")]
    public IReadOnlyList<string>? ResponseModesSupported { get; init; }

    [JsonPropertyName("code_challenge_methods_supported")]
    public IReadOnlyList<string>? CodeChallengeMethodsSupported { get; init; }

    /// <summary>RFC 9207 §3.</summary>
    [JsonPropertyName("authorization_response_iss_parameter_supported")]
    public bool? AuthorizationResponseIssParameterSupported { get; init; }

    [JsonPropertyName("prompt_values_supported")]
    public IReadOnlyList<string>? PromptValuesSupported { get; init; }

    [JsonPropertyName("subject_types_supported")]
    public IReadOnlyList<string>? SubjectTypesSupported { get; init; }

    [JsonPropertyName("id_token_signing_alg_values_supported")]
    public IReadOnlyList<string>? IdTokenSigningAlgValuesSupported { get; init; }

    /// <summary>Absent would say true (OpenID Connect Discovery §3).</summary>
    [JsonPropertyName("request_uri_parameter_supported")]
    public bool? RequestUriParameterSupported { get; init; }

    [JsonPropertyName("grant_types_supported")]
    public required IReadOnlyList<string> GrantTypesSupported { get; init; }

    [JsonPropertyName("token_endpoint_auth_methods_supported")]
    public required IReadOnlyList<string> TokenEndpointAuthMethodsSupported { get; init; }

    [JsonPropertyName("token_endpoint_auth_signing_alg_values_supported")]
    public required IReadOnlyList<string> TokenEndpointAuthSigningAlgValuesSupported { get; init; }

    [JsonPropertyName("introspection_endpoint")]
    public required string IntrospectionEndpoint { get; init; }

    [JsonPropertyName("introspection_endpoint_auth_methods_supported")]
    public required IReadOnlyList<string> IntrospectionEndpointAuthMethodsSupported { get; init; }

    [JsonPropertyName("introspection_endpoint_auth_signing_alg_values_supported")]
    public required IReadOnlyList<string> IntrospectionEndpointAuthSigningAlgValuesSupported { get; init; }

    [JsonPropertyName("revocation_endpoint")]
    public required string RevocationEndpoint { get; init; }

    [JsonPropertyName("revocation_endpoint_auth_methods_supported")]
    public required IReadOnlyList<string> RevocationEndpointAuthMethodsSupported { get; init; }

    [JsonPropertyName("revocation_endpoint_auth_signing_alg_values_supported")]
    public required IReadOnlyList<string> RevocationEndpointAuthSigningAlgValuesSupported { get; init; }

    [JsonPropertyName("dpop_signing_alg_values_supported")]
    public required IReadOnlyList<string> DPoPSigningAlgValuesSupported { get; init; }

    /// <summary>True where tokens are bound to certificates (RFC 8705 §3.3); absent otherwise, which says false.</summary>
    [JsonPropertyName("tls_client_certificate_bound_access_tokens")]
    public bool? TlsClientCertificateBoundAccessTokens { get; init; }

    /// <summary>The endpoints for clients with certificates (RFC 8705 §5), where there are others.</summary>
    [JsonPropertyName("mtls_endpoint_aliases")]
    public MtlsEndpointAliases? MtlsEndpointAliases { get; init; }

    /// <summary>The identifiers of resources that are URLs (RFC 9728 §4).</summary>
    [JsonPropertyName("protected_resources")]
    public required IReadOnlyList<string> ProtectedResources { get; init; }

    // AT-51, RFC 9449 §5.1: made from the configuration that the endpoints enforce, so that the two cannot drift apart.
    public static IssuerMetadata From(IssuerConfig config, IssuerKeyRing ring, bool hasSignIn)
    {
        IssuerMetadata metadata = ForMachines(config, ring.Snapshot);
        return hasSignIn ? ForPeople(config, ring, metadata) : metadata;
    }

    private static IssuerMetadata ForMachines(IssuerConfig config, IssuerSnapshot snapshot) => new()
    {
        Issuer = config.Issuer,
        TokenEndpoint = config.TokenEndpoint,
        JwksUri = config.JwksUri,
        ScopesSupported = [.. snapshot.Resources.Values.SelectMany(resource => resource.Scopes).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        GrantTypesSupported = [GrantTypes.ClientCredentials],
        TokenEndpointAuthMethodsSupported = [.. AuthenticationMethods(snapshot)],
        TokenEndpointAuthSigningAlgValuesSupported = config.AssertionAlgorithms,
        IntrospectionEndpoint = config.IntrospectionEndpoint,
        // AT-30, RFC 7662 §2.1: whoever does not authenticate learns nothing there.
        IntrospectionEndpointAuthMethodsSupported = [.. AuthenticationMethods(snapshot).Where(method => method != ClientAuthenticationMethods.None)],
        IntrospectionEndpointAuthSigningAlgValuesSupported = config.AssertionAlgorithms,
        RevocationEndpoint = config.RevocationEndpoint,
        RevocationEndpointAuthMethodsSupported = [.. AuthenticationMethods(snapshot)],
        RevocationEndpointAuthSigningAlgValuesSupported = config.AssertionAlgorithms,
        // DPOP-AS-12, DPOP-AS-13, RFC 9449 §5.1: the published list is the enforced list.
        DPoPSigningAlgValuesSupported = config.ProofPolicy.Algorithms,
        // MTLS-28, RFC 8705 §3.3.
        TlsClientCertificateBoundAccessTokens = snapshot.Clients.Values.Any(client => client.CertificateBoundAccessTokens) ? true : null,
        // MTLS-34, MTLS-36, RFC 8705 §5: what a client calls directly, and nothing else.
        MtlsEndpointAliases = config.MutualTls.BaseUrl is { } alias ? new(alias + IssuerPaths.Token, alias + IssuerPaths.Introspection, alias + IssuerPaths.Revocation) : null,
        ProtectedResources = [.. snapshot.Resources.Values.Select(resource => resource.Identifier).Distinct(StringComparer.Ordinal).Where(IsUrl).Order(StringComparer.Ordinal)],
    };

    private static IssuerMetadata ForPeople(IssuerConfig config, IssuerKeyRing ring, IssuerMetadata metadata) => metadata with
    {
        AuthorizationEndpoint = config.AuthorizationEndpoint,
        PushedAuthorizationRequestEndpoint = config.PushedAuthorizationRequestEndpoint,
        // AT-85, RFC 9126 §5: of the server; a client of its own may be held to it besides.
        RequirePushedAuthorizationRequests = config.RequirePushedAuthorizationRequests ? true : null,
        ScopesSupported = [.. metadata.ScopesSupported.Append(AuthorizationRequestRules.OpenId).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        ResponseTypesSupported = ["code"],
        ResponseModesSupported = ["query"],
        GrantTypesSupported = [GrantTypes.ClientCredentials, GrantTypes.AuthorizationCode, GrantTypes.RefreshToken],
        // AT-92, RFC 8414 §2: what is demanded of everybody.
        CodeChallengeMethodsSupported = ["S256"],
        // AT-93, RFC 9207 §3.
        AuthorizationResponseIssParameterSupported = true,
        PromptValuesSupported = ["none", "login", "consent", "select_account"],
        SubjectTypesSupported = ["public"],
        IdTokenSigningAlgValuesSupported = ring.Algorithms,
        RequestUriParameterSupported = false,
        MtlsEndpointAliases = metadata.MtlsEndpointAliases is { } aliases
            ? aliases with { PushedAuthorizationRequestEndpoint = config.MutualTls.BaseUrl + IssuerPaths.PushedAuthorizationRequest } : null,
    };

    // MTLS-05, RFC 8705 §2.1.1, §2.2.1: a method that no client is registered for can be used by nobody.
    private static IEnumerable<string> AuthenticationMethods(IssuerSnapshot snapshot)
    {
        yield return ClientAuthenticationMethods.PrivateKeyJwt;
        foreach (string method in new[]
        {
            ClientAuthenticationMethods.TlsClientAuth, ClientAuthenticationMethods.SelfSignedTlsClientAuth, ClientAuthenticationMethods.None,
            ClientAuthenticationMethods.ClientSecretBasic, ClientAuthenticationMethods.ClientSecretPost,
        })
        {
            if (snapshot.Clients.Values.Any(client => client.AuthenticationMethod == method))
                yield return method;
        }
    }

    private static bool IsUrl(string identifier) =>
        identifier.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || identifier.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
}

/// <summary>The members of <c>mtls_endpoint_aliases</c> (RFC 8705 §5).</summary>
internal sealed record MtlsEndpointAliases(
    [property: JsonPropertyName("token_endpoint")] string TokenEndpoint,
    [property: JsonPropertyName("introspection_endpoint")] string IntrospectionEndpoint,
    [property: JsonPropertyName("revocation_endpoint")] string RevocationEndpoint)
{
    [JsonPropertyName("pushed_authorization_request_endpoint")]
    public string? PushedAuthorizationRequestEndpoint { get; init; }
}
