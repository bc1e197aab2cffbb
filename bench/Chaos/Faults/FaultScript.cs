using Holdfast.Testing;

namespace Holdfast.Chaos;

/// <summary>What is done to a scene, in order.</summary>
internal static class FaultScript
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Each kind of fault once, quickly.</summary>
    public static IReadOnlyList<Fault> Short(SceneKind kind) => kind is SceneKind.Shared or SceneKind.SharedOrAlone
        ? [KillNode(0), RestartDatabase, ClockBack(1, 90), FailOver, PauseNode(1, 3), DatabaseClock(150), Deploy(2)]
        : [KillNode(0), PauseNode(1, 2), ClockBack(1, 90), Deploy(2)];

    /// <summary>All of them, and more of each. Node 0 is left alone: it may be paused all the while.</summary>
    public static IReadOnlyList<Fault> Long(SceneKind kind) => kind is SceneKind.Shared or SceneKind.SharedOrAlone
        ?
        [
            KillNode(1), RestartDatabase, ClockBack(2, 90), FailOver, PauseNode(2, 5), DatabaseClock(150), KillBackend, Deploy(1), ClockAhead(1, 90), PauseDatabase,
            DatabaseClock(-30), KillGuard, Clock(2, 3), DatabaseClock(3), KillNode(2),
        ]
        : [KillNode(1), ClockBack(2, 90), PauseNode(2, 5), Deploy(1), ClockAhead(1, 90), KillGuard];

    /// <summary>A node that stands still for longer than a proof lives, beside everything else.</summary>
    public static Fault LongPause { get; } = PauseNode(0, (int)ReplayWindow.Life.TotalSeconds + 15);

    private static Fault KillNode(int place) => new("kill -9 of a node, started again after 1 s", scene => KillAsync(scene.Node(place)));

    private static Fault KillGuard { get; } = new("kill -9 of the guard, started again after 1 s", scene => KillAsync(scene.Guard));

    private static async Task KillAsync(NodeProcess node)
    {
        await node.KillAsync();
        await Task.Delay(Second);
        await node.StartAsync();
    }

    // For longer than a check may take (1 s).
    private static Fault PauseNode(int place, int seconds) => new($"SIGSTOP of a node for {seconds} s", async scene =>
    {
        NodeProcess node = scene.Node(place);
        await node.PauseAsync();
        await Task.Delay(seconds * Second);
        await node.ResumeAsync();
    });

    private static Fault Clock(int place, int seconds) => new(FormattableString.Invariant($"a node's clock {seconds:+0;-0} s for 3 s"), async scene =>
    {
        await scene.Node(place).MoveClockAsync(seconds * Second);
        await Task.Delay(3 * Second);
        await scene.Node(place).MoveClockAsync(TimeSpan.Zero);
    });

    // The verifier's clock never goes back. A running node does not notice; one that starts goes by the wrong one, and would take old proofs for fresh ones.
    private static Fault ClockBack(int place, int seconds) => new(FormattableString.Invariant($"a node's clock -{seconds} s, a restart, and set right 3 s later"), async scene =>
    {
        NodeProcess node = scene.Node(place);
        await node.MoveClockAsync(-seconds * Second);
        await node.KillAsync();
        await node.StartAsync(-seconds * Second);
        await Task.Delay(3 * Second);
        await node.MoveClockAsync(TimeSpan.Zero);
    });

    // For the same reason a node whose clock was ahead by more than is tolerated stays out of service until it is started again.
    private static Fault ClockAhead(int place, int seconds) => new(FormattableString.Invariant($"a node's clock +{seconds} s for 3 s, then a restart"), async scene =>
    {
        NodeProcess node = scene.Node(place);
        await node.MoveClockAsync(seconds * Second);
        await Task.Delay(3 * Second);
        await node.MoveClockAsync(TimeSpan.Zero);
        await KillAsync(node);
    });

    private static Fault Deploy(int place) => new("rolling deployment, old and new node together for 2 s", scene => scene.ReplaceNodeAsync(place, 2 * Second));

    private static Fault RestartDatabase { get; } = new("PostgreSQL stopped (immediate) and started", async scene =>
    {
        await scene.Database.Primary.StopAsync(PostgresStop.Immediate);
        await scene.Database.Primary.StartAsync();
    });

    private static Fault KillBackend { get; } = new("kill -9 of a PostgreSQL backend", scene => scene.Database.Primary.KillBackendAsync());

    private static Fault FailOver { get; } = new("PostgreSQL dies, its streaming standby is promoted", scene => scene.Database.FailOverAsync());

    private static Fault PauseDatabase { get; } = new("SIGSTOP of PostgreSQL for 3 s", async scene =>
    {
        await scene.Database.Primary.PauseAsync();
        await Task.Delay(3 * Second);
        await scene.Database.Primary.ResumeAsync();
    });

    private static Fault DatabaseClock(int seconds) => new(FormattableString.Invariant($"the database's clock {seconds:+0;-0} s for 3 s"), async scene =>
    {
        await scene.Database.Clock.StepAsync(seconds * Second);
        await Task.Delay(3 * Second);
        await scene.Database.Clock.StepAsync(TimeSpan.Zero);
    });
}
