using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Client.Certificates;

/// <summary>A certificate that stays the same as long as the host runs.</summary>
internal sealed class FixedCertificate(X509Certificate2 certificate) : IClientCertificateSource
{
    // Nothing is downloaded: what is not in the machine's stores is not sent.
    private readonly SslStreamCertificateContext _context = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);

    public ValueTask<SslStreamCertificateContext> GetCertificateAsync(CancellationToken cancellationToken = default) => new(_context);
}
