using System.Net.Security;
using Holdfast.Client.Internal;
using Microsoft.Extensions.Logging;

namespace Holdfast.Client.Certificates;

/// <summary>Asks the source, and notices when it gives another certificate than before.</summary>
internal sealed class CurrentCertificate(string client, IClientCertificateSource source, TimeProvider time, ILogger logger)
{
    private readonly Lock _lock = new();
    private CertificateGeneration? _current;
    private long _asked;
    private long _askedBefore;
    private long _number;

    /// <summary>The generation to get tokens and connections of.</summary>
    public async ValueTask<CertificateGeneration> GetAsync(CancellationToken cancellationToken)
    {
        long asked = Interlocked.Increment(ref _asked);
        SslStreamCertificateContext context = await AskAsync(cancellationToken).ConfigureAwait(false);
        CertificateGeneration? current = Volatile.Read(ref _current);
        return current is not null && ReferenceEquals(current.Context, context) ? current : Take(context, asked);
    }

    private CertificateGeneration Take(SslStreamCertificateContext context, long asked)
    {
        ClientCertificate certificate = ClientCertificate.From(context.TargetCertificate);
        lock (_lock)
        {
            if (_current is not null && _current.Thumbprint == certificate.Thumbprint)
                return _current;
            // Asked before the last change and answered after it: the old certificate must not come back as the newest.
            if (_current is not null && asked <= _askedBefore)
                return _current;
            Report(certificate);
            _askedBefore = Interlocked.Read(ref _asked);
            var next = new CertificateGeneration(this, ++_number, context, certificate.Thumbprint);
            Volatile.Write(ref _current, next);
            return next;
        }
    }

    private void Report(ClientCertificate certificate)
    {
        Log.CertificateTaken(logger, client, certificate.Thumbprint, certificate.NotAfter);
        // The server has the last word, and perhaps the better clock.
        if (time.GetUtcNow() < certificate.NotBefore || time.GetUtcNow() > certificate.NotAfter)
            Log.CertificateOutOfDate(logger, client, certificate.Thumbprint, certificate.NotBefore, certificate.NotAfter);
    }

    private async ValueTask<SslStreamCertificateContext> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await source.GetCertificateAsync(cancellationToken).ConfigureAwait(false)
                ?? throw new InvalidOperationException("The source gave no certificate.");
        }
        catch (Exception exception) when (exception is not HoldfastClientException
            && !(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            throw new HoldfastClientException(HoldfastClientFailure.CertificateUnavailable,
                $"The source of the client certificate failed: {exception.Message}", exception);
        }
    }
}
