using Microsoft.Extensions.Logging;

namespace Holdfast.Guard.Internal;

/// <summary>The keys in use; exchanged once their lifetime is over, by whoever asks first.</summary>
internal sealed class ContextKeys
{
    private readonly ContextKeyFile _file;
    private readonly TimeSpan _lifetime;
    private readonly VerifierClock _clock;
    private readonly ILogger _logger;
    private readonly Lock _turning = new();
    private volatile Published _published;

    /// <summary>Reads the keys, or makes the first ones.</summary>
    /// <exception cref="GuardStartupException">They cannot be read or written.</exception>
    public ContextKeys(ContextKeyFile file, TimeSpan lifetime, VerifierClock clock, ILogger<ContextKeys> logger)
    {
        (_file, _lifetime, _clock, _logger) = (file, lifetime, clock, logger);
        ContextKeyRing? ring = file.Read();
        if (ring is null)
        {
            ring = ContextKeyRing.Create(clock.Now);
            try
            {
                file.Write(ring);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new GuardStartupException($"The context keys cannot be written: {failure.Message.TrimEnd('.')}.", failure);
            }
        }
        _published = new(ring, ring.ToJwks());
    }

    /// <summary>The key that signs now.</summary>
    public ContextKey Current => Now.Ring.Current;

    /// <summary>The key set as it is published.</summary>
    public byte[] Jwks => Now.Jwks;

    private Published Now
    {
        get
        {
            Published published = _published;
            return _clock.Now < published.Ring.Since + _lifetime ? published : Turn();
        }
    }

    private Published Turn()
    {
        lock (_turning)
        {
            Published published = _published;
            DateTimeOffset now = _clock.Now;
            if (now < published.Ring.Since + _lifetime)
                return published;
            ContextKeyRing ring = published.Ring.Turn(now);
            try
            {
                _file.Write(ring);
                GuardLog.LogKeysTurned(_logger, ring.Current.Kid, ring.Next.Kid);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // The key that is known to all goes on; a new one that only this process knows would be gone with it.
                GuardLog.LogKeysNotTurned(_logger, failure.Message);
                ring = published.Ring with { Since = now - _lifetime + TimeSpan.FromMinutes(1) };
            }
            return _published = new(ring, ring.ToJwks());
        }
    }

    private sealed record Published(ContextKeyRing Ring, byte[] Jwks);
}
