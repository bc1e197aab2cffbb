using Holdfast.AspNetCore;
using Microsoft.Extensions.Logging;

namespace Holdfast.Issuer;

/// <summary>
/// Keys that a client publishes at its <c>jwks_uri</c>. Read when first needed, when five minutes old, and when something is not among them; at most
/// one fetch at a time and one in ten seconds, because anybody can present a certificate that nobody knows. While the client's server does not
/// answer, keys stay in force for an hour and no longer, and no more than <see cref="MaxWaiting"/> requests wait for it.
/// </summary>
internal sealed class PublishedClientKeys(IssuerClient client, Func<CancellationToken, Task<string>> fetch, IReadOnlyList<string> algorithms,
    TimeProvider timeProvider, ILogger logger) : IClientKeySource
{
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);
    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxFetch = TimeSpan.FromSeconds(5);

    /// <summary>Requests that wait for a fetch at once: one client's server that does not answer holds no more of the issuer than this.</summary>
    public const int MaxWaiting = 64;

    private readonly Lock _gate = new();
    private readonly BoundedWait _wait = new(MaxWaiting);
    private volatile Known? _known;
    private volatile bool _isFailing;
    private Task? _fetch;
    private long? _lastStart;

    /// <inheritdoc/>
    public async ValueTask<ClientKeySet?> GetAsync(CancellationToken cancellationToken)
    {
        if (Within(Freshness) is { } fresh)
            return fresh;
        return await TryFetchAsync(cancellationToken) ? Within(MaxAge) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<ClientKeySet?> GetNewerAsync(ClientKeySet known, CancellationToken cancellationToken)
    {
        if (ReferenceEquals(_known?.Keys, known) && !await TryFetchAsync(cancellationToken))
            return null;
        ClientKeySet? keys = Within(MaxAge);
        return ReferenceEquals(keys, known) && _isFailing ? null : keys;
    }

    // MTLS-16, RFC 8705 §2.2: fetched again on a miss, single-flight and rate-limited. Waits for a fetch that runs or may be started.
    // False where too many do.
    private async ValueTask<bool> TryFetchAsync(CancellationToken cancellationToken)
    {
        Task? running;
        lock (_gate)
        {
            if (_fetch is null && (_lastStart is not { } last || timeProvider.GetElapsedTime(last) >= MinInterval))
            {
                _lastStart = timeProvider.GetTimestamp();
                _fetch = Start();
            }
            running = _fetch;
        }
        return running is null || await _wait.TryAsync(running, cancellationToken);
    }

    // Not a part of the request that happened to start it: neither its cancellation nor its trace.
    private Task Start()
    {
        if (ExecutionContext.IsFlowSuppressed())
            return Task.Run(ReadAsync);
        using (ExecutionContext.SuppressFlow())
            return Task.Run(ReadAsync);
    }

    private async Task ReadAsync()
    {
        try
        {
            using var timeout = new CancellationTokenSource(MaxFetch, timeProvider);
            string json = await fetch(timeout.Token);
            ClientKeySet keys = ClientKeySetReader.Read(json, RegisteredKeys.IsForCertificates(client.AuthenticationMethod), algorithms, out var faults, out var keyFaults);
            if (faults.Count > 0)
                throw new FormatException(string.Join(' ', faults));
            foreach (string fault in keyFaults.Select(fault => Printable.From(fault)))
                IssuerLog.LogClientKeyLeftOut(logger, client.ClientId, client.JwksUri!, fault);
            _known = new(keys, timeProvider.GetTimestamp());
            _isFailing = false;
        }
#pragma warning disable CA1031 // Whatever goes wrong while a stranger's document is read is an outage; a fault here would end all later fetches.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _isFailing = true;
            IssuerLog.LogClientKeysUnavailable(logger, client.ClientId, client.JwksUri!, Printable.From(failure.Message));
        }
        lock (_gate)
            _fetch = null;
    }

    private ClientKeySet? Within(TimeSpan age) => _known is { } known && timeProvider.GetElapsedTime(known.FetchedAt) < age ? known.Keys : null;

    private sealed record Known(ClientKeySet Keys, long FetchedAt);
}
