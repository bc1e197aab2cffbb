using System.Net.Security;

namespace Holdfast.Client;

/// <summary>
/// Where the client's certificate comes from, when it is neither one object nor two files: a SPIFFE agent, a key vault, a PKCS#11 token.
/// One that a key vault gives becomes an answer by <c>SslStreamCertificateContext.Create(certificate, intermediates, offline: true)</c>.
/// </summary>
public interface IClientCertificateSource
{
    /// <summary>
    /// The certificate of now, with its private key and the chain to send along. Asked before every request, by many callers at once: keep it
    /// in memory, renew it beside, and give the same object as long as it is the same certificate. Another certificate gets connections and
    /// tokens of its own at once. What was given out stays in use until its last request has ended: do not dispose of it.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting of the one who asks.</param>
    /// <exception cref="Exception">Any ends the request with <see cref="HoldfastClientFailure.CertificateUnavailable"/>; the source is asked again next time.</exception>
    ValueTask<SslStreamCertificateContext> GetCertificateAsync(CancellationToken cancellationToken = default);
}
