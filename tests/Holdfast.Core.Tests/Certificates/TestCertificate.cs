using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Core.Tests;

/// <summary>Self-signed certificates with chosen dates.</summary>
internal static class TestCertificate
{
    public static byte[] Der(DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=client", key, HashAlgorithmName.SHA256).CreateSelfSigned(notBefore, notAfter);
        return certificate.RawData;
    }

    public static ClientCertificate Read(DateTimeOffset notBefore, DateTimeOffset notAfter) => ClientCertificate.TryRead(Der(notBefore, notAfter))!;
}
