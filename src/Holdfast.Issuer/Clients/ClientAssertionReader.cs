using System.Text;
using System.Text.Json;

namespace Holdfast.Issuer;

/// <summary>
/// Reads a client assertion strictly: three parts of canonical base64url, JSON objects in valid UTF-8 without repeated members, few levels
/// deep. Reads only; every rule about the content is <see cref="ClientAssertionVerifier"/>'s.
/// </summary>
internal static class ClientAssertionReader
{
    /// <summary>The assertion, or null and what is wrong with its form.</summary>
    public static ClientAssertion? TryRead(string text, out string problem)
    {
        problem = "three parts of base64url, separated by dots";
        if (!CompactJws.TrySplit(text, out CompactJws jws) || StrictBase64Url.Decode(jws.Header) is not { } header || StrictBase64Url.Decode(jws.Payload) is not { } payload
            || StrictBase64Url.Decode(jws.Signature) is not { Length: > 0 } signature)
            return null;
        problem = "JSON objects in UTF-8 without repeated members, with alg, iss and sub as strings";
        if (StrictJson.Check(header) != JsonFault.None || StrictJson.Check(payload) != JsonFault.None)
            return null;
        using var headerDocument = JsonDocument.Parse(header);
        using var payloadDocument = JsonDocument.Parse(payload);
        return Read(headerDocument.RootElement, payloadDocument.RootElement, Encoding.ASCII.GetBytes(jws.SigningInput.ToString()), signature);
    }

    private static ClientAssertion? Read(JsonElement header, JsonElement payload, byte[] signingInput, byte[] signature)
    {
        // RFC 7515 §4.1.11: a crit member names what must be understood, and none is.
        if (header.TryGetProperty("crit", out _)
            || !IsStringOrAbsent(header, "typ") || !IsStringOrAbsent(header, "kid")
            || String(header, "alg") is not { } alg || String(payload, "iss") is not { } iss || String(payload, "sub") is not { } sub)
            return null;
        return new ClientAssertion
        {
            Alg = alg,
            Typ = String(header, "typ"),
            Kid = String(header, "kid"),
            Iss = iss,
            Sub = sub,
            Aud = String(payload, "aud"),
            Iat = Time(payload, "iat"),
            Exp = Time(payload, "exp"),
            // A malformed nbf must not read like an absent one.
            Nbf = payload.TryGetProperty("nbf", out _) ? Time(payload, "nbf") ?? DateTimeOffset.MaxValue : null,
            Jti = String(payload, "jti"),
            SigningInput = signingInput,
            Signature = signature,
        };
    }

    private static bool IsStringOrAbsent(JsonElement parent, string name) =>
        !parent.TryGetProperty(name, out JsonElement member) || member.ValueKind == JsonValueKind.String;

    private static string? String(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    // RFC 7519 §2, NumericDate: a number of seconds, possibly with a fraction.
    private static DateTimeOffset? Time(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.Number
        && member.TryGetDecimal(out decimal seconds) && seconds is >= 0 and < 253_402_300_799
            ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : null;
}
