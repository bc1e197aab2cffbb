using System.Text.Json;
using Holdfast.Client.Internal;

namespace Holdfast.Client.Tokens;

/// <summary>What a client needs of an authorization server's metadata (RFC 8414 §2, RFC 9449 §5.1). Unknown members are ignored.</summary>
internal sealed class ServerMetadata
{
    public required Uri TokenEndpoint { get; init; }
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
        if (!Uri.TryCreate(JsonText.Member(document, "token_endpoint"), UriKind.Absolute, out Uri? endpoint) || !config.MayReach(endpoint))
        {
            throw new HoldfastClientException(HoldfastClientFailure.DiscoveryFailed,
                $"The metadata of {issuer} names no token endpoint that may be used: https, or http on this machine.");
        }
        return new()
        {
            TokenEndpoint = endpoint,
            DPoPAlgorithms = JsonText.Members(document, "dpop_signing_alg_values_supported"),
            AssertionAlgorithms = JsonText.Members(document, "token_endpoint_auth_signing_alg_values_supported"),
        };
    }
}
