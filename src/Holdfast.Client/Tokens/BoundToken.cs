using Holdfast.Client.Certificates;

namespace Holdfast.Client.Tokens;

/// <summary>A token, what it is bound to, and its life by a clock that nobody sets. There is none that is bound to nothing.</summary>
internal sealed class BoundToken
{
    private readonly TimeSpan _lifetime;
    private readonly TimeSpan _ahead;
    private readonly long _obtained;

    public BoundToken(HoldfastToken token, IProofSigner? key, CertificateGeneration? certificate, TimeSpan lifetime, long obtained)
    {
        if (key is null && certificate is null)
            throw new ArgumentException("A token that is bound to nothing is never kept.", nameof(key));
        (Token, Key, Certificate, _lifetime, _ahead, _obtained) = (token, key, certificate, lifetime, Ahead(lifetime), obtained);
    }

    public HoldfastToken Token { get; }

    /// <summary>What signs the proof of every request; null where the certificate alone binds.</summary>
    public IProofSigner? Key { get; }

    /// <summary>What every connection presents that the token goes over; null where the key alone binds.</summary>
    public CertificateGeneration? Certificate { get; }

    public bool IsAlive(TimeProvider time) => Remaining(time) > TimeSpan.Zero;

    public bool IsRefreshDue(TimeProvider time) => Remaining(time) <= _ahead;

    // A suspended machine stops the monotonic clock, so the wall clock may shorten the life too.
    private TimeSpan Remaining(TimeProvider time)
    {
        TimeSpan monotonic = _lifetime - time.GetElapsedTime(_obtained);
        TimeSpan wall = Token.ExpiresAt - time.GetUtcNow();
        return monotonic < wall ? monotonic : wall;
    }

    // The last fifth of its life, between ten seconds and a minute, and never more than half of it.
    private static TimeSpan Ahead(TimeSpan lifetime)
    {
        double seconds = Math.Clamp(lifetime.TotalSeconds / 5, 10, 60);
        return TimeSpan.FromSeconds(Math.Min(seconds, lifetime.TotalSeconds / 2));
    }
}
