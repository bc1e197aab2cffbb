using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Conformance;

/// <summary>A certificate-bound token, and the certificate.</summary>
internal sealed class BoundCall(string token, X509Certificate2 certificate) : IDisposable
{
    public X509Certificate2 Certificate => certificate;

    /// <summary>A request as a certificate-bound client sends it (RFC 8705 §3), the certificate left to the caller.</summary>
    public RawRequest Request(RawRequest plain) => plain.With("Authorization", $"Bearer {token}");

    public void Dispose() => certificate.Dispose();
}
