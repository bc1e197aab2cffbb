namespace Holdfast.Client.Tokens;

/// <summary>A token, the key it is bound to, and its life by a clock that nobody sets.</summary>
internal sealed class BoundToken(HoldfastToken token, IProofSigner key, TimeSpan lifetime, long obtained)
{
    private readonly TimeSpan _ahead = Ahead(lifetime);

    public HoldfastToken Token => token;

    public IProofSigner Key => key;

    public bool IsAlive(TimeProvider time) => Remaining(time) > TimeSpan.Zero;

    public bool IsRefreshDue(TimeProvider time) => Remaining(time) <= _ahead;

    // A suspended machine stops the monotonic clock, so the wall clock may shorten the life too.
    private TimeSpan Remaining(TimeProvider time)
    {
        TimeSpan monotonic = lifetime - time.GetElapsedTime(obtained);
        TimeSpan wall = token.ExpiresAt - time.GetUtcNow();
        return monotonic < wall ? monotonic : wall;
    }

    // The last fifth of its life, between ten seconds and a minute, and never more than half of it.
    private static TimeSpan Ahead(TimeSpan lifetime)
    {
        double seconds = Math.Clamp(lifetime.TotalSeconds / 5, 10, 60);
        return TimeSpan.FromSeconds(Math.Min(seconds, lifetime.TotalSeconds / 2));
    }
}
