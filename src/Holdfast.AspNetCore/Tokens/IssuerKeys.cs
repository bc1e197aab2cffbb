using Microsoft.Extensions.Logging;

namespace Holdfast.AspNetCore;

/// <summary>When an issuer's keys are read again.</summary>
/// <param name="Interval">How often, as long as reading succeeds.</param>
/// <param name="UnknownKeyInterval">How often, at most, because a token named an unknown key.</param>
internal sealed record IssuerKeysSchedule(TimeSpan Interval, TimeSpan UnknownKeyInterval)
{
    /// <summary>The wait after a failure doubles from this…</summary>
    public static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    /// <summary>…to this.</summary>
    public static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(30);
}

/// <summary>
/// An issuer's keys, kept fresh. At most one fetch runs at a time, in the background: while keys are known nobody waits for it,
/// except a token that names an unknown key, and of these no more than <see cref="MaxWaiting"/> do. An outage leaves the keys as they were; the start of the application never waits.
/// </summary>
internal sealed class IssuerKeys(
    string issuer, Func<CancellationToken, Task<string>> fetchKeySet, IReadOnlyList<string> algorithms, IssuerKeysSchedule schedule,
    TimeProvider timeProvider, ILogger logger) : IIssuerKeySource
{
    // Metadata in two places and the key set, each bounded by the client's own limit as well.
    private static readonly TimeSpan MaxFetch = TimeSpan.FromSeconds(10);

    /// <summary>Requests that wait for a fetch at once: an issuer that does not answer holds no more of a node than this.</summary>
    public const int MaxWaiting = 256;

    private readonly Lock _gate = new();
    private readonly BoundedWait _wait = new(MaxWaiting);
    private volatile IssuerKeySet? _current;
    private Task<IssuerKeySet?>? _fetch;
    private long _nextFetch = timeProvider.GetTimestamp();
    private long _nextUnknown = timeProvider.GetTimestamp();
    private int _failures;

    /// <summary>Called after a key was withdrawn, with the new keys already in force.</summary>
    public Action? KeyWithdrawn { get; set; }

    /// <summary>The keys known now; the first callers wait for the first fetch, unless one failed a moment ago.</summary>
    public ValueTask<IssuerKeySet?> GetAsync(CancellationToken cancellationToken)
    {
        IssuerKeySet? current = _current;
        if (current is not null)
        {
            RefreshWhenDue();
            return new(current);
        }
        Task<IssuerKeySet?>? fetch;
        lock (_gate)
            fetch = _fetch ?? (IsPast(_nextFetch) ? StartFetch() : null);
        return fetch is null ? new(_current) : WaitAsync(fetch, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IssuerKeySet?> GetNewerAsync(IssuerKeySet known, CancellationToken cancellationToken)
    {
        Task<IssuerKeySet?>? fetch;
        lock (_gate)
        {
            if (_current is { } current && current != known)
                return new(current);
            fetch = _fetch;
            if (fetch is null && IsPast(_nextUnknown))
            {
                // Anyone can invent identifiers, so they cost the issuer one request an interval and no more.
                _nextUnknown = In(schedule.UnknownKeyInterval);
                fetch = StartFetch();
            }
        }
        return fetch is null ? new(known) : WaitAsync(fetch, cancellationToken);
    }

    // A fetch brings what it found, or what was known before it; so null is said of the waiting alone where something was known.
    private async ValueTask<IssuerKeySet?> WaitAsync(Task<IssuerKeySet?> fetch, CancellationToken cancellationToken) =>
        await _wait.TryAsync(fetch, cancellationToken) ? await fetch : null;

    /// <summary>Starts a fetch where keys are known and due to be read again; costs a comparison where they are not.</summary>
    public void RefreshWhenDue()
    {
        if (_current is null || !IsPast(Volatile.Read(ref _nextFetch)))
            return;
        lock (_gate)
        {
            if (_fetch is null && IsPast(_nextFetch))
                _ = StartFetch();
        }
    }

    private Task<IssuerKeySet?> StartFetch()
    {
        // Not a part of the request that happened to start it: neither its cancellation nor its trace.
        if (ExecutionContext.IsFlowSuppressed())
            return _fetch = Task.Run(FetchAsync);
        using (ExecutionContext.SuppressFlow())
            return _fetch = Task.Run(FetchAsync);
    }

    private async Task<IssuerKeySet?> FetchAsync()
    {
        IssuerKeySet? before = _current;
        IssuerKeySet? fetched = null;
        try
        {
            using var timeout = new CancellationTokenSource(MaxFetch, timeProvider);
            fetched = IssuerKeySet.Parse(await fetchKeySet(timeout.Token), algorithms);
        }
#pragma warning disable CA1031 // Whatever goes wrong while a stranger's documents are read is an outage; a fault here would end all later fetches.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            HoldfastLog.LogFetchFailed(logger, issuer, before is null ? "none are known" : "those already known stay in force", failure.Message);
        }
        lock (_gate)
        {
            _failures = fetched is null ? _failures + 1 : 0;
            _nextFetch = In(fetched is null ? Backoff(_failures) : schedule.Interval);
            _current = fetched ?? before;
            _fetch = null;
        }
        if (fetched is not null && before?.LosesAKeyIn(fetched) == true)
        {
            HoldfastLog.LogKeyWithdrawn(logger, issuer);
            KeyWithdrawn?.Invoke();
        }
        return _current;
    }

    private static TimeSpan Backoff(int failures) =>
        TimeSpan.FromTicks(Math.Min(IssuerKeysSchedule.FirstRetry.Ticks << Math.Min(failures - 1, 10), IssuerKeysSchedule.LastRetry.Ticks));

    private bool IsPast(long timestamp) => timeProvider.GetTimestamp() >= timestamp;

    private long In(TimeSpan time) => timeProvider.GetTimestamp() + (long)(time.TotalSeconds * timeProvider.TimestampFrequency);
}
