using System.Globalization;
using System.Text.Json;
using Holdfast.Client.Certificates;
using Holdfast.Client.Internal;

namespace Holdfast.Client.Tokens;

/// <summary>Reads a successful answer of a token endpoint (RFC 6749 §5.1, RFC 9449 §5, RFC 8705 §3).</summary>
internal static class TokenResponse
{
    private static readonly TimeSpan Unsaid = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>The token, bound to this key, to the certificate of the connection that it came over, or to both.</summary>
    public static BoundToken Read(
        JsonDocument? document, ClientConfig config, IProofSigner? key, CertificateGeneration? certificate, DateTimeOffset started, long sent)
    {
        if (document is null || document.RootElement.ValueKind != JsonValueKind.Object)
            throw Invalid(config, "is not a JSON object of a reasonable size");
        JsonElement json = document.RootElement;

        // DPOP-C-09, DPOP-C-10, DPOP-C-28, RFC 9449 §5: only token_type tells that the token is bound to the key, in any casing. Anything else is
        // thrown away: sending it would be a fallback to Bearer. RFC 8705 §3: one that the certificate alone binds is of type Bearer.
        string expected = key is null ? "Bearer" : "DPoP";
        string? type = JsonText.Member(json, "token_type");
        if (type is null || !string.Equals(type, expected, StringComparison.OrdinalIgnoreCase))
        {
            throw new HoldfastClientException(HoldfastClientFailure.TokenNotBound,
                $"{config.Issuer} issued a token of type '{JsonText.Safe(type)}', not {expected}; it was thrown away. Ask it to bind this client's tokens.");
        }
        string? token = JsonText.Member(json, "access_token");
        // RFC 6750 §2.1: what can stand in a header. More is not known of it: AT-27, RFC 9068 §6, the token is opaque.
        if (string.IsNullOrEmpty(token) || token.AsSpan().ContainsAnyExceptInRange('\x21', '\x7e'))
            throw Invalid(config, "has no access token that a header can carry");

        TimeSpan lifetime = Lifetime(json);
        return new(new()
        {
            AccessToken = token,
            TokenType = type,
            ExpiresAt = started + lifetime,
            Scope = JsonText.Member(json, "scope"),
            Jkt = key?.Thumbprint,
            X5tS256 = certificate?.Thumbprint,
        }, key, certificate, lifetime, sent);
    }

    private static TimeSpan Lifetime(JsonElement json)
    {
        double? seconds = !json.TryGetProperty("expires_in", out JsonElement value) ? null : value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetDouble(out double number) => number,
            // Some servers write a text.
            JsonValueKind.String when double.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out double number) => number,
            _ => null,
        };
        return seconds is null ? Unsaid : TimeSpan.FromSeconds(Math.Clamp(seconds.Value, 0, Longest.TotalSeconds));
    }

    private static HoldfastClientException Invalid(ClientConfig config, string why) =>
        new(HoldfastClientFailure.TokenResponseInvalid, $"The answer of {config.Issuer}'s token endpoint {why}.");
}
