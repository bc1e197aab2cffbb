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
    public static IssuerMetadata From(IssuerConfig config, IssuerSnapshot snapshot, bool hasSignIn)
    {
        var metadata = ForMachines(config, snapshot);
        return hasSignIn ? ForPeople(config, metadata) : metadata;
    }

    private static IssuerMetadata ForMachines(IssuerConfig config, IssuerSnapshot snapshot) => new()
    {
        Issuer = config.Issuer,
        TokenEndpoint = config.TokenEndpoint,
        JwksUri = config.JwksUri,
        ScopesSupported = [.. snapshot.Resources.Values.SelectMany(resource => resource.Scopes).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        GrantTypesSupported = [GrantTypes.ClientCredentials],
        TokenEndpointAuthMethodsSupported = [.. AuthenticationMethods(config, snapshot)],
        TokenEndpointAuthSigningAlgValuesSupported = config.AssertionAlgorithms,
        // DPOP-AS-12, DPOP-AS-13, RFC 9449 §5.1: the published list is the enforced list.
        DPoPSigningAlgValuesSupported = config.ProofPolicy.Algorithms,
        // MTLS-28, RFC 8705 §3.3.
        TlsClientCertificateBoundAccessTokens = snapshot.Clients.Values.Any(client => client.CertificateBoundAccessTokens) ? true : null,
        // MTLS-34, RFC 8705 §5: what a client calls directly, which is the token endpoint.
        MtlsEndpointAliases = config.MutualTls.TokenEndpoint is { } alias ? new(alias) : null,
        ProtectedResources = [.. snapshot.Resources.Values.Select(resource => resource.Identifier).Distinct(StringComparer.Ordinal).Where(IsUrl).Order(StringComparer.Ordinal)],
    };

    private static IssuerMetadata ForPeople(IssuerConfig config, IssuerMetadata metadata) => metadata with
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
        IdTokenSigningAlgValuesSupported = [SigningKey.Alg],
        RequestUriParameterSupported = false,
        MtlsEndpointAliases = metadata.MtlsEndpointAliases is { } aliases
            ? aliases with { PushedAuthorizationRequestEndpoint = config.MutualTls.BaseUrl + IssuerPaths.PushedAuthorizationRequest } : null,
    };

    // MTLS-05, RFC 8705 §2.1.1, §2.2.1: clients are registered among the settings alone, so a method that none of them has can be used by nobody.
    private static IEnumerable<string> AuthenticationMethods(IssuerConfig config, IssuerSnapshot snapshot)
    {
        yield return ClientAuthenticationMethods.PrivateKeyJwt;
        foreach (string method in new[] { ClientAuthenticationMethods.TlsClientAuth, ClientAuthenticationMethods.SelfSignedTlsClientAuth, ClientAuthenticationMethods.None })
        {
            if (snapshot.Clients.Values.Any(client => client.AuthenticationMethod == method))
                yield return method;
        }
        if (config.AllowClientSecrets)
            yield return ClientAuthenticationMethods.ClientSecretBasic;
    }

    private static bool IsUrl(string identifier) =>
        identifier.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || identifier.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
}

/// <summary>The members of <c>mtls_endpoint_aliases</c> (RFC 8705 §5).</summary>
internal sealed record MtlsEndpointAliases([property: JsonPropertyName("token_endpoint")] string TokenEndpoint)
{
    [JsonPropertyName("pushed_authorization_request_endpoint")]
    public string? PushedAuthorizationRequestEndpoint { get; init; }
}
