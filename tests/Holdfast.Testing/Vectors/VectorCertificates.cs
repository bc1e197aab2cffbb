using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Holdfast.Testing.Vectors;

/// <summary>The client certificates of the vectors with their keys, so that a connection can really prove them.</summary>
public static class VectorCertificates
{
    private static readonly Lazy<IReadOnlyDictionary<string, X509Certificate2>> Loaded = new(Load);

    /// <summary>The certificate with these octets in base64; <c>vectors/keys</c> has the key of each.</summary>
    public static X509Certificate2 WithKey(string base64) => Loaded.Value[base64];

    private static Dictionary<string, X509Certificate2> Load() => Directory.EnumerateFiles(Path.Combine(VectorFiles.Root, "keys"), "certificate-*.json")
        .Select(file => JsonDocument.Parse(File.ReadAllBytes(file)).RootElement)
        .ToDictionary(file => file.GetProperty("certificate").GetString()!, WithKey, StringComparer.Ordinal);

    private static X509Certificate2 WithKey(JsonElement file)
    {
        JsonElement jwk = file.GetProperty("jwk");
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(file.GetProperty("certificate").GetString()!));
        using X509Certificate2 proven = jwk.GetProperty("kty").GetString() == "EC" ? WithEcKey(certificate, jwk) : WithRsaKey(certificate, jwk);
        // The platform's TLS wants a key that it has loaded itself.
        return X509CertificateLoader.LoadPkcs12(proven.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    private static X509Certificate2 WithEcKey(X509Certificate2 certificate, JsonElement jwk)
    {
        using ECDsa key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = { X = Member(jwk, "x"), Y = Member(jwk, "y") }, D = Member(jwk, "d") });
        return certificate.CopyWithPrivateKey(key);
    }

    private static X509Certificate2 WithRsaKey(X509Certificate2 certificate, JsonElement jwk)
    {
        using RSA key = RSA.Create(new RSAParameters
        {
            Modulus = Member(jwk, "n"), Exponent = Member(jwk, "e"), D = Member(jwk, "d"), P = Member(jwk, "p"), Q = Member(jwk, "q"),
            DP = Member(jwk, "dp"), DQ = Member(jwk, "dq"), InverseQ = Member(jwk, "qi"),
        });
        return certificate.CopyWithPrivateKey(key);
    }

    private static byte[] Member(JsonElement jwk, string name) => Base64Url.DecodeFromChars(jwk.GetProperty(name).GetString());
}
