namespace Holdfast.AspNetCore;

/// <summary>
/// Tells a standing backlog from a burst. Verification runs from beginning to end on one thread of the pool, so where processor time is short nothing
/// waits in our code: requests wait as work items of the pool. A backlog that goes on for longer than a burst makes the node shed whatever arrives while
/// it is too long, until it has not been too long for a second. Costs a reading of the clock where there is none.
/// </summary>
internal sealed class WorkBacklog(long longest, TimeProvider timeProvider, Func<long> pendingWork)
{
    // Counting the work of the pool takes a lock for each of its threads.
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(0.25);
    // A crowd that arrives together is served, not refused.
    private static readonly TimeSpan LongestBurst = TimeSpan.FromMilliseconds(100);
    // The pool takes what is ready in rounds, so that even a long backlog is short for moments.
    private static readonly TimeSpan LongestGap = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private long _nextLook = timeProvider.GetTimestamp();
    private bool _isLong;
    private long? _longSince;
    private long _lastLong;
    private long? _lastShed;

    /// <summary>True where a request that arrives now is to be refused.</summary>
    public bool IsStanding()
    {
        long now = timeProvider.GetTimestamp();
        if (!IsLong(now))
            return false;
        lock (_gate)
        {
            if (_longSince is not { } since || timeProvider.GetElapsedTime(_lastLong, now) > LongestGap)
                _longSince = since = now;
            _lastLong = now;
            bool isShedding = _lastShed is { } last && timeProvider.GetElapsedTime(last, now) < Calm;
            if (!isShedding && timeProvider.GetElapsedTime(since, now) < LongestBurst)
                return false;
            _lastShed = now;
            return true;
        }
    }

    private bool IsLong(long now)
    {
        long next = Volatile.Read(ref _nextLook);
        if (now >= next && Interlocked.CompareExchange(ref _nextLook, now + Ticks(LookInterval), next) == next)
            Volatile.Write(ref _isLong, pendingWork() > longest);
        return Volatile.Read(ref _isLong);
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * timeProvider.TimestampFrequency);
}
