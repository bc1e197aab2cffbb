using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Holdfast.Issuer.Tests;

/// <summary>A JWK with its certificate in <c>x5c</c> (RFC 7517 §4.7), as a client publishes it.</summary>
public static class CertificateJwk
{
    /// <summary>The key of a certificate; with other certificates in <c>x5c</c>, where they are given.</summary>
    public static JsonObject Of(X509Certificate2 certificate, X509Certificate2[]? x5c = null, Action<JsonObject>? change = null)
    {
        JsonObject jwk = Key(certificate);
        x5c ??= [certificate];
        if (x5c.Length > 0)
            jwk["x5c"] = new JsonArray([.. x5c.Select(one => (JsonNode)Convert.ToBase64String(one.RawData))]);
        change?.Invoke(jwk);
        return jwk;
    }

    public static string Set(params JsonObject[] keys) => new JsonObject { ["keys"] = new JsonArray([.. keys]) }.ToJsonString();

    private static JsonObject Key(X509Certificate2 certificate)
    {
        if (certificate.GetRSAPublicKey() is { } rsa)
        {
            RSAParameters members = rsa.ExportParameters(false);
            return new JsonObject { ["kty"] = "RSA", ["n"] = Base64Url.EncodeToString(members.Modulus), ["e"] = Base64Url.EncodeToString(members.Exponent) };
        }
        ECParameters ec = certificate.GetECDsaPublicKey()!.ExportParameters(false);
        return new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(ec.Q.X), ["y"] = Base64Url.EncodeToString(ec.Q.Y) };
    }
}
