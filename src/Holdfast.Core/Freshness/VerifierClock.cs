namespace Holdfast;

/// <summary>
/// The time by which freshness, nonces and replay records are judged. It follows the wall clock forward and a monotonic clock beneath
/// it, so it never goes back and never stands still: a wall clock that is set back cannot make an old proof fresh again, and a machine
/// that was suspended (where the monotonic clock may have stood) catches up with the wall clock.
/// </summary>
/// <remarks>
/// A wall clock that ran ahead and was corrected leaves this clock ahead until the process restarts: proofs then look old, are challenged
/// for a nonce, and pass; access tokens and client assertions that would end within the error look expired, and are refused until the
/// restart. The other choice would reopen every proof whose replay record has been dropped. Safe for concurrent use.
/// </remarks>
public sealed class VerifierClock(TimeProvider timeProvider)
{
    private readonly long _start = timeProvider.GetTimestamp();

    // The farthest the wall clock was ever ahead of the time elapsed since the start, in ticks. Now is elapsed + lead, which is
    // max(wall, last + elapsed since last) with one word of state instead of two.
    private long _lead = long.MinValue;

    /// <summary>Now, in UTC; never less than any earlier answer.</summary>
    public DateTimeOffset Now
    {
        get
        {
            // The wall clock is read first: a thread stopped between the two readings then sees too small a lead, which the maximum
            // ignores; the other order would keep its pause as an error for ever.
            long wall = timeProvider.GetUtcNow().UtcTicks;
            long elapsed = timeProvider.GetElapsedTime(_start).Ticks;
            return new(elapsed + RaiseLead(wall - elapsed), TimeSpan.Zero);
        }
    }

    private long RaiseLead(long seen)
    {
        long lead = Volatile.Read(ref _lead);
        while (seen > lead)
        {
            long found = Interlocked.CompareExchange(ref _lead, seen, lead);
            if (found == lead)
                return seen;
            lead = found;
        }
        return lead;
    }
}
