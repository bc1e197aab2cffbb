using System.Text.Json.Serialization;

namespace Holdfast.Issuer;

/// <summary>Authorization server metadata (RFC 8414 §2): only what is true of this issuer as it is set up.</summary>
internal sealed record IssuerMetadata
{
    [JsonPropertyName("issuer")]
    public required string Issuer { get; init; }

    [JsonPropertyName("token_endpoint")]
    public required string TokenEndpoint { get; init; }

    [JsonPropertyName("jwks_uri")]
    public required string JwksUri { get; init; }

    [JsonPropertyName("scopes_supported")]
    public required IReadOnlyList<string> ScopesSupported { get; init; }

    /// <summary>Required by RFC 8414, and empty: there is no authorization endpoint.</summary>
    [JsonPropertyName("response_types_supported")]
    public IReadOnlyList<string> ResponseTypesSupported { get; init; } = [];

    [JsonPropertyName("grant_types_supported")]
    public required IReadOnlyList<string> GrantTypesSupported { get; init; }

    [JsonPropertyName("token_endpoint_auth_methods_supported")]
    public required IReadOnlyList<string> TokenEndpointAuthMethodsSupported { get; init; }

    [JsonPropertyName("token_endpoint_auth_signing_alg_values_supported")]
    public required IReadOnlyList<string> TokenEndpointAuthSigningAlgValuesSupported { get; init; }

    [JsonPropertyName("dpop_signing_alg_values_supported")]
    public required IReadOnlyList<string> DPoPSigningAlgValuesSupported { get; init; }

    /// <summary>The identifiers of resources that are URLs (RFC 9728 §4).</summary>
    [JsonPropertyName("protected_resources")]
    public required IReadOnlyList<string> ProtectedResources { get; init; }

    // AT-51, RFC 9449 §5.1: made from the configuration that the endpoints enforce, so that the two cannot drift apart.
    public static IssuerMetadata From(IssuerConfig config) => new()
    {
        Issuer = config.Issuer,
        TokenEndpoint = config.TokenEndpoint,
        JwksUri = config.JwksUri,
        ScopesSupported = [.. config.Resources.Values.SelectMany(resource => resource.Scopes).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        GrantTypesSupported = [GrantTypes.ClientCredentials],
        TokenEndpointAuthMethodsSupported = config.AllowClientSecretBasic
            ? [ClientAuthenticationMethods.PrivateKeyJwt, ClientAuthenticationMethods.ClientSecretBasic]
            : [ClientAuthenticationMethods.PrivateKeyJwt],
        TokenEndpointAuthSigningAlgValuesSupported = config.AssertionAlgorithms,
        // DPOP-AS-12, DPOP-AS-13, RFC 9449 §5.1: the published list is the enforced list.
        DPoPSigningAlgValuesSupported = config.ProofPolicy.Algorithms,
        ProtectedResources = [.. config.Resources.Values.Select(resource => resource.Identifier).Where(IsUrl).Order(StringComparer.Ordinal)],
    };

    private static bool IsUrl(string identifier) =>
        identifier.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || identifier.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
}
