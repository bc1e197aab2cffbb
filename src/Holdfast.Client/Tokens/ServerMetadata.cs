using System.Text.Json;
using Holdfast.Client.Internal;

namespace Holdfast.Client.Tokens;

/// <summary>What a client needs of an authorization server's metadata (RFC 8414 §2, RFC 9449 §5.1). Unknown members are ignored.</summary>
internal sealed class ServerMetadata
{
    /// <summary>The one for this client: the alias for those that present a certificate, where there is one.</summary>
    public required Uri TokenEndpoint { get; init; }

    /// <summary>MTLS-28, RFC 8705 §3.3: whether the server says that it binds tokens to certificates; false where it says nothing.</summary>
    public required bool BindsToCertificates { get; init; }
    public required IReadOnlyCollection<string>? DPoPAlgorithms { get; init; }
    public required IReadOnlyCollection<string>? AssertionAlgorithms { get; init; }

    public static ServerMetadata Parse(JsonElement document, ClientConfig config)
    {
        string issuer = config.Issuer;
        if (document.ValueKind != JsonValueKind.Object)
            throw new HoldfastClientException(HoldfastClientFailure.DiscoveryFailed, $"The metadata of {issuer} is not a JSON object.");
        // AT-50, RFC 8414 §3.3: the issuer in the document is identical, octet by octet, to the one that was asked for.
        string? named = JsonText.Member(document, "issuer");
        if (!string.Equals(named, issuer, StringComparison.Ordinal))
        {
            throw new HoldfastClientException(HoldfastClientFailure.IssuerMismatch,
                $"The metadata of {issuer} names the issuer '{JsonText.Safe(named)}'; set Issuer to exactly what the server publishes.");
        }
        return new()
        {
            TokenEndpoint = Endpoint(document, "token_endpoint", config),
            BindsToCertificates = document.TryGetProperty("tls_client_certificate_bound_access_tokens", out JsonElement binds)
                && binds.ValueKind == JsonValueKind.True,
            DPoPAlgorithms = JsonText.Members(document, "dpop_signing_alg_values_supported"),
            AssertionAlgorithms = JsonText.Members(document, "token_endpoint_auth_signing_alg_values_supported"),
        };
    }
    private static Uri Endpoint(JsonElement document, string name, ClientConfig config)
    {
        // MTLS-35, MTLS-37, RFC 8705 §5: whoever presents a certificate, be it for the binding alone, prefers the alias; endpoint by endpoint, what
        // has none stays where it is. MTLS-36: nothing but endpoints is looked for among the aliases.
        bool isAliased = Has(document, "mtls_endpoint_aliases", out JsonElement aliases) && Has(aliases, name, out _);
        string? text = JsonText.Member(config.HasCertificate && isAliased ? aliases : document, name);
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? endpoint) && config.MayReach(endpoint))
            return endpoint;
        throw new HoldfastClientException(HoldfastClientFailure.DiscoveryFailed,
            $"The metadata of {config.Issuer} names no {name} that may be used: https, or http on this machine.");
    }

    // Null is absent; an alias that is wrong is not, and no reason to go where no certificate is asked for.
    private static bool Has(JsonElement document, string name, out JsonElement value)
    {
        value = default;
        return document.ValueKind == JsonValueKind.Object && document.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
    }
}
