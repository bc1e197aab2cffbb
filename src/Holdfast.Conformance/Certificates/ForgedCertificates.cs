using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Conformance;

/// <summary>
/// The best copies of a certificate that somebody without the keys behind it can make: every name, number, date and extension is the
/// original's; only the keys differ.
/// </summary>
public static class ForgedCertificates
{
    /// <summary>A copy that signed itself, with a P-256 key of its own.</summary>
    public static X509Certificate2 SelfSigned(X509Certificate2 original)
    {
        ArgumentNullException.ThrowIfNull(original);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Sign(original, original.SubjectName, key, key);
    }

    /// <summary>A copy signed by a made-up authority that bears the real one's name, with a P-256 key of its own.</summary>
    public static X509Certificate2 ByMadeUpAuthority(X509Certificate2 original)
    {
        ArgumentNullException.ThrowIfNull(original);
        using var authority = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Sign(original, original.IssuerName, key, authority);
    }

    private static X509Certificate2 Sign(X509Certificate2 original, X500DistinguishedName issuer, ECDsa key, ECDsa signer)
    {
        var request = new CertificateRequest(original.SubjectName, key, HashAlgorithmName.SHA256);
        foreach (var extension in original.Extensions)
            request.CertificateExtensions.Add(extension);
        using var copy = request.Create(
            issuer, X509SignatureGenerator.CreateForECDsa(signer), new DateTimeOffset(original.NotBefore), new DateTimeOffset(original.NotAfter), original.SerialNumberBytes.Span);
        return copy.CopyWithPrivateKey(key);
    }
}
