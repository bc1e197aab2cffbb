using System.Runtime.CompilerServices;
using Holdfast.Client.Certificates;
using Microsoft.Extensions.Logging;

namespace Holdfast.Client.Tokens;

/// <summary>The tokens of one client: one source for each certificate that is in use, or the only one where there is no certificate.</summary>
internal sealed class TokenCache : IDisposable
{
    private readonly CurrentCertificate? _certificate;
    private readonly Func<CertificateGeneration?, TokenSource> _create;
    private readonly TokenSource? _only;
    private readonly CancellationTokenSource _stopping = new();

    // MTLS-40, RFC 8705 §6.3: another certificate, other tokens. Those of the old one live as long as somebody still holds it.
    private readonly ConditionalWeakTable<CertificateGeneration, TokenSource> _byCertificate = [];

    public TokenCache(string name, CurrentCertificate? certificate, TokenClient client, TimeProvider time, ILogger logger)
    {
        CancellationToken stopping = _stopping.Token;
        _certificate = certificate;
        _create = generation => new(name, cancellationToken => client.FetchAsync(generation, cancellationToken), time, logger, stopping);
        _only = certificate is null ? _create(null) : null;
    }

    /// <summary>The tokens of the certificate of now.</summary>
    public async ValueTask<TokenSource> CurrentAsync(CancellationToken cancellationToken) => _certificate is null
        ? _only!
        : _byCertificate.GetValue(await _certificate.GetAsync(cancellationToken).ConfigureAwait(false), generation => _create(generation));

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }
}
