using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Holdfast.Storage;

/// <summary>Whether the database answers, told once when it stops, once when it is back, and not for each request that notices.</summary>
internal sealed class DatabaseHealth(string name, ILogger logger)
{
    private static readonly TimeSpan ToldFor = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private volatile string? _problem;
    private string? _faultKind;
    private long _faultAt;
    private long _lostAt;

    /// <summary>Why it does not answer; null while it does.</summary>
    public string? Problem => _problem;

    /// <summary>It answered what was asked at that time (<see cref="Stopwatch.GetTimestamp"/>): one that was lost since says nothing by that.</summary>
    public void Answered(long asked)
    {
        if (_problem is null)
            return;
        lock (_lock)
        {
            if (_problem is null || asked < _lostAt)
                return;
            _problem = null;
            StorageLog.LogBack(logger, name);
        }
    }

    /// <summary>It did not.</summary>
    public void Lost(string problem)
    {
        if (_problem is not null)
            return;
        lock (_lock)
        {
            if (_problem is not null)
                return;
            (_problem, _lostAt) = (problem, Stopwatch.GetTimestamp());
            StorageLog.LogLost(logger, name, problem);
        }
    }

    /// <summary>It answered that it cannot do that: a fault of ours or of its tables. The same one is told once a minute.</summary>
    public void Refused(string kind, Exception fault)
    {
        lock (_lock)
        {
            if (_faultKind == kind && Stopwatch.GetElapsedTime(_faultAt) < ToldFor)
                return;
            (_faultKind, _faultAt) = (kind, Stopwatch.GetTimestamp());
            StorageLog.LogFault(logger, name, fault);
        }
    }
}
