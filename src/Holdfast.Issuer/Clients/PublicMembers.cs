using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.IdentityModel.Tokens;

namespace Holdfast.Issuer;

/// <summary>
/// The public key that the members of a JWK themselves state (RFC 7518 §6.2.1, §6.3.1). The library's own conversion takes an RSA key from
/// <c>x5c</c> where there is one.
/// </summary>
internal static class PublicMembers
{
    private const int MinRsaOctets = 2048 / 8;
    private const int MaxRsaOctets = 4096 / 8;

    /// <summary>The key, or null where its kind or size is not supported or a member is missing. One off its curve throws.</summary>
    public static AsymmetricSecurityKey? Import(JsonWebKey jwk) => jwk.Kty switch
    {
        "EC" => ImportEc(jwk),
        "RSA" => ImportRsa(jwk),
        _ => null,
    };

    // MTLS-15, RFC 8705 §2.2.2: what both have to agree on, as subject public key info, which says each key in one way.
    /// <summary>The octets to compare keys by.</summary>
    public static byte[] Export(AsymmetricSecurityKey key)
    {
        switch (key)
        {
            case ECDsaSecurityKey ec:
                return ec.ECDsa.ExportSubjectPublicKeyInfo();
            case RsaSecurityKey rsa:
                using (RSA imported = RSA.Create(rsa.Parameters))
                    return imported.ExportSubjectPublicKeyInfo();
            default:
                return [];
        }
    }

    /// <summary>The same of a certificate's key; empty where it is of another kind.</summary>
    public static byte[] Export(ReadOnlyMemory<byte> certificateDer)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(certificateDer.Span);
        using ECDsa? ec = certificate.GetECDsaPublicKey();
        using RSA? rsa = certificate.GetRSAPublicKey();
        return ec?.ExportSubjectPublicKeyInfo() ?? rsa?.ExportSubjectPublicKeyInfo() ?? [];
    }

    private static ECDsaSecurityKey? ImportEc(JsonWebKey jwk)
    {
        (ECCurve Curve, int Octets)? known = jwk.Crv switch
        {
            "P-256" => (ECCurve.NamedCurves.nistP256, 32),
            "P-384" => (ECCurve.NamedCurves.nistP384, 48),
            "P-521" => (ECCurve.NamedCurves.nistP521, 66),
            _ => null,
        };
        // RFC 7518 §6.2.1.2: coordinates have their full length.
        if (known is not var (curve, octets) || StrictBase64Url.Decode(jwk.X) is not { } x || StrictBase64Url.Decode(jwk.Y) is not { } y
            || x.Length != octets || y.Length != octets)
            return null;
        // The platform looks at the parameters: a point off the curve fails here.
        return new(ECDsa.Create(new ECParameters { Curve = curve, Q = new() { X = x, Y = y } }));
    }

    private static RsaSecurityKey? ImportRsa(JsonWebKey jwk)
    {
        if (StrictBase64Url.Decode(jwk.N) is not { Length: >= MinRsaOctets and <= MaxRsaOctets } n || StrictBase64Url.Decode(jwk.E) is not { Length: > 0 } e)
            return null;
        var parameters = new RSAParameters { Modulus = n, Exponent = e };
        using RSA checkedOnce = RSA.Create(parameters);
        // By its parameters, so that each of the library's pooled verifiers has a key object of its own.
        return new(parameters);
    }
}
