using System.Diagnostics;
using System.Threading.Tasks.Sources;

namespace Holdfast.Replay.PostgreSql.Internal;

/// <summary>One proof on its way through a group: the caller awaits it, a connection answers it, once.</summary>
internal sealed class ReplayCheck(ReplayRecord record) : IValueTaskSource<ReplayResult>
{
    private readonly long _since = Stopwatch.GetTimestamp();

    // Whoever waits goes on elsewhere, never on the connection's loop.
    private ManualResetValueTaskSourceCore<ReplayResult> _answer = new() { RunContinuationsAsynchronously = true };

    public ReplayRecord Record { get; } = record;

    /// <summary>Whether room is taken for it: then it may be added, else only be looked for.</summary>
    public bool HasRoom { get; set; }

    /// <summary>True once it was found to be new where there was no room.</summary>
    public bool HasBeenFull { get; set; }

    public TimeSpan Age => Stopwatch.GetElapsedTime(_since);

    public ValueTask<ReplayResult> Task => new(this, _answer.Version);

    public void Answer(ReplayResult result) => _answer.SetResult(result);

    ReplayResult IValueTaskSource<ReplayResult>.GetResult(short token) => _answer.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReplayResult>.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource<ReplayResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);
}
