using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Holdfast.Testing.Vectors;

/// <summary>
/// A plain token verifier for vectors, on the base class library alone: the JWTs of RFC 9068 with the keys that the vector names, or an
/// opaque token that stands for what the vector says.
/// </summary>
public sealed class VectorTokenVerifier(VectorPolicy policy, VerifierClock clock) : IAccessTokenVerifier
{
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(10);
    private static readonly string[] Algorithms = ["ES256", "PS256"];
    private static readonly string[] RequiredStrings = ["iss", "sub", "client_id", "jti"];
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public ValueTask<AccessTokenResult> VerifyAsync(string token, ResourceConfig resource, CancellationToken cancellationToken) =>
        new(policy.Token is { } opaque ? Opaque(opaque) : Verify(token, resource));

    private AccessTokenResult Opaque(VectorToken opaque) => JwkThumbprint.TryParse(opaque.Jkt, out JwkThumbprint jkt)
        ? AccessTokenResult.Verified(new AccessToken
        {
            Issuer = policy.Issuer!, Subject = "opaque", ClientId = "opaque", ExpiresAt = clock.Now.AddMinutes(5), Confirmation = new Confirmation { Jkt = jkt },
        })
        : throw new JsonException("jkt of the opaque token");

    private AccessTokenResult Verify(string token, ResourceConfig resource)
    {
        if (token.Length > 16 * 1024)
            return AccessTokenResult.Refused(VerificationFailure.TokenTooLarge);
        string[] parts = token.Split('.');
        if (parts.Length != 3 || ReadJson(parts[0]) is not { } header || ReadJson(parts[1]) is not { } claims || Decode(parts[2]) is not { } signature || header.ContainsKey("crit"))
            return AccessTokenResult.Refused(VerificationFailure.TokenMalformed);
        if (Text(header, "typ")?.ToLowerInvariant() is not ("at+jwt" or "application/at+jwt"))
            return AccessTokenResult.Refused(VerificationFailure.TokenTypeWrong);
        if (Text(header, "alg") is not { } alg || !Algorithms.Contains(alg))
            return AccessTokenResult.Refused(VerificationFailure.TokenAlgorithmNotAllowed);
        if (policy.IssuerKeys is not { ValueKind: JsonValueKind.Object } published)
            return AccessTokenResult.Refused(VerificationFailure.IssuerUnavailable);
        JsonObject? key = JsonNode.Parse(published.GetRawText())!["keys"]!.AsArray().Select(k => k!.AsObject()).FirstOrDefault(k => (string?)k["kid"] == Text(header, "kid"));
        if (key is null)
            return AccessTokenResult.Refused(VerificationFailure.TokenKeyUnknown);
        if ((string?)key["alg"] != alg)
            return AccessTokenResult.Refused(VerificationFailure.TokenAlgorithmNotAllowed);
        return IsGenuine(key, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature)
            ? VerifyClaims(claims, resource)
            : AccessTokenResult.Refused(VerificationFailure.TokenSignatureInvalid);
    }

    private AccessTokenResult VerifyClaims(JsonObject claims, ResourceConfig resource)
    {
        if (RequiredStrings.Any(name => Text(claims, name) is null) || Time(claims, "exp") is not { } expires || Time(claims, "iat") is not { } issued)
            return AccessTokenResult.Refused(VerificationFailure.TokenClaimMissing);
        string[] audiences = claims["aud"] switch { JsonArray many => [.. many.Select(a => (string)a!)], JsonValue one => [(string)one!], _ => [] };
        if (audiences.Length == 0)
            return AccessTokenResult.Refused(VerificationFailure.TokenClaimMissing);
        if (Text(claims, "iss") != resource.Issuer)
            return AccessTokenResult.Refused(VerificationFailure.TokenIssuerWrong);
        if (!audiences.Contains(resource.Audience))
            return AccessTokenResult.Refused(VerificationFailure.TokenAudienceWrong);
        DateTimeOffset now = clock.Now;
        if (now >= expires + Leeway)
            return AccessTokenResult.Refused(VerificationFailure.TokenExpired);
        if (now < issued - Leeway || now < (Time(claims, "nbf") ?? issued) - Leeway)
            return AccessTokenResult.Refused(VerificationFailure.TokenNotYetValid);
        Confirmation confirmation = Confirmation.None;
        if (claims.ContainsKey("cnf") && !Confirmation.TryParse(Encoding.UTF8.GetBytes(claims["cnf"]?.ToJsonString() ?? "null"), out confirmation, out VerificationFailure failure))
            return AccessTokenResult.Refused(failure);
        return AccessTokenResult.Verified(new AccessToken
        {
            Issuer = resource.Issuer, Subject = Text(claims, "sub")!, ClientId = Text(claims, "client_id")!, ExpiresAt = expires, Confirmation = confirmation,
        });
    }

    private static bool IsGenuine(JsonObject key, byte[] input, byte[] signature)
    {
        if ((string?)key["kty"] == "EC")
        {
            using ECDsa ec = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = { X = Decode((string)key["x"]!), Y = Decode((string)key["y"]!) } });
            return ec.VerifyData(input, signature, HashAlgorithmName.SHA256);
        }
        using RSA rsa = RSA.Create(new RSAParameters { Modulus = Decode((string)key["n"]!), Exponent = Decode((string)key["e"]!) });
        return rsa.VerifyData(input, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
    }

    private static string? Text(JsonObject json, string name) => json[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static DateTimeOffset? Time(JsonObject json, string name) =>
        json[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? DateTimeOffset.FromUnixTimeSeconds((long)value.GetValue<double>()) : null;

    private static JsonObject? ReadJson(string part)
    {
        try
        {
            return Decode(part) is { } json && System.Text.Unicode.Utf8.IsValid(json) ? JsonNode.Parse(json, documentOptions: Strict) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[]? Decode(string text)
    {
        byte[] octets = new byte[StrictBase64Url.DecodedLength(text.Length)];
        return octets.Length > 0 && StrictBase64Url.TryDecode(text, octets, out _) ? octets : null;
    }
}
