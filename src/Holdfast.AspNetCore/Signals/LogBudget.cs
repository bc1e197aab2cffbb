namespace Holdfast.AspNetCore;

/// <summary>How many lines of one kind may be written: a burst, and after it so many a second. Safe for concurrent use.</summary>
internal sealed class LogBudget(TimeProvider timeProvider, int perSecond, int burst)
{
    private readonly Lock _gate = new();
    private double _left = burst;
    private long _counted = timeProvider.GetTimestamp();

    /// <summary>Takes one; false where none is left.</summary>
    public bool TryTake()
    {
        lock (_gate)
        {
            long now = timeProvider.GetTimestamp();
            _left = Math.Min(burst, _left + (timeProvider.GetElapsedTime(_counted, now).TotalSeconds * perSecond));
            _counted = now;
            if (_left < 1)
                return false;
            _left--;
            return true;
        }
    }
}
