namespace Holdfast.Testing;

/// <summary>A clock that stands still until a test moves it. The monotonic clock moves with it, unless only the wall clock is stepped.</summary>
public sealed class ManualTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private DateTimeOffset _utcNow = start;
    private long _timestamp;

    /// <summary>A clock that stands at a fixed instant: 2026-01-01T12:00:00Z.</summary>
    public ManualTimeProvider() : this(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero)) { }

    /// <summary>The wall clock. Setting it forward moves the monotonic clock too; setting it back leaves that alone.</summary>
    public DateTimeOffset UtcNow
    {
        get
        {
            lock (_lock)
                return _utcNow;
        }
        set
        {
            lock (_lock)
            {
                _timestamp += Math.Max(0, (value - _utcNow).Ticks);
                _utcNow = value;
            }
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Time passes: both clocks.</summary>
    public void Advance(TimeSpan by) => UtcNow += by;

    /// <summary>Somebody sets the wall clock; no time passes.</summary>
    public void StepWall(TimeSpan by)
    {
        lock (_lock)
            _utcNow += by;
    }

    public override DateTimeOffset GetUtcNow() => UtcNow;

    public override long GetTimestamp()
    {
        lock (_lock)
            return _timestamp;
    }
}
