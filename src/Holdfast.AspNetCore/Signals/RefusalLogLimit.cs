using Microsoft.Extensions.Logging;

namespace Holdfast.AspNetCore;

/// <summary>
/// Keeps a flood of refusals from becoming a flood of log lines: each failure of each role has a budget of its own, so that a flood of one hides no
/// other, and what is left out is summed up in one line for each of them every ten seconds. Meters and observers are not concerned.
/// </summary>
internal sealed class RefusalLogLimit : IDisposable
{
    /// <summary>Lines a second of one failure, once its burst is spent: one screen of them, and less than a disk notices.</summary>
    public const int PerSecond = 20;

    /// <summary>Lines of one failure that are written at once: whatever an incident begins with is there in full.</summary>
    public const int Burst = 100;

    /// <summary>Each of these is a token in foreign hands, and worth ten times the lines.</summary>
    public const int TheftFactor = 10;

    /// <summary>How long lines are left out before a line says how many.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Dictionary<(VerificationFailure, VerifierRole), Kind> _kinds = [];
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private int _isCounting;

    public RefusalLogLimit(ILogger logger, TimeProvider timeProvider)
    {
        _logger = logger;
        foreach (FailureInfo failure in FailureCatalog.All)
        {
            int factor = failure.Severity == FailureSeverity.Theft ? TheftFactor : 1;
            foreach (VerifierRole role in Enum.GetValues<VerifierRole>())
                _kinds[(failure.Failure, role)] = new(failure, role, new LogBudget(timeProvider, PerSecond * factor, Burst * factor));
        }
        _timer = timeProvider.CreateTimer(static state => ((RefusalLogLimit)state!).SumUp(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>True where the line may be written; otherwise it is counted, under the level that it would have had.</summary>
    public bool TryTake(FailureInfo failure, VerifierRole role, LogLevel level)
    {
        Kind kind = _kinds[(failure.Failure, role)];
        if (kind.Budget.TryTake())
            return true;
        kind.Level = level;
        Interlocked.Increment(ref kind.LeftOut);
        if (Interlocked.Exchange(ref _isCounting, 1) == 0)
            _timer.Change(Window, Timeout.InfiniteTimeSpan);
        return false;
    }

    private void SumUp()
    {
        // Before the counts are read: what is left out from here on starts the next window.
        Volatile.Write(ref _isCounting, 0);
        foreach (Kind kind in _kinds.Values)
        {
            long count = Interlocked.Exchange(ref kind.LeftOut, 0);
            if (count > 0)
                HoldfastLog.LogLeftOut(_logger, kind.Level, count, kind.Failure.Name, kind.Failure.Severity, kind.Role, Window.TotalSeconds);
        }
    }

    /// <summary>Says what was left out until now.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        SumUp();
    }

    private sealed class Kind(FailureInfo failure, VerifierRole role, LogBudget budget)
    {
        public long LeftOut;

        public FailureInfo Failure => failure;
        public VerifierRole Role => role;
        public LogBudget Budget => budget;
        public LogLevel Level { get; set; }
    }
}
