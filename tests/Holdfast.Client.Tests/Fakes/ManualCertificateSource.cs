using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Client.Tests.Fakes;

/// <summary>A source whose certificate a test changes.</summary>
public sealed class ManualCertificateSource(X509Certificate2 first) : IClientCertificateSource
{
    private volatile SslStreamCertificateContext _current = Context(first);

    /// <summary>Instead of the answer.</summary>
    public Func<CancellationToken, ValueTask<SslStreamCertificateContext>>? Answer { get; set; }

    public string Thumbprint => TestPki.Thumbprint(_current.TargetCertificate);

    public static SslStreamCertificateContext Context(X509Certificate2 certificate) => SslStreamCertificateContext.Create(certificate, null, offline: true);

    /// <summary>Renews it; the thumbprint of the new one.</summary>
    public string Renew(X509Certificate2? next = null)
    {
        _current = Context(next ?? TestPki.Client());
        return Thumbprint;
    }

    public ValueTask<SslStreamCertificateContext> GetCertificateAsync(CancellationToken cancellationToken = default) => Answer is null ? new(_current) : Answer(cancellationToken);
}
