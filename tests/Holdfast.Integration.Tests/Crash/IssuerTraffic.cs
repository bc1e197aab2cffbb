using System.Collections.Concurrent;

namespace Holdfast.Integration.Tests.Crash;

/// <summary>Machines that ask for tokens and sessions that refresh, all at once and without end, over all nodes of an estate in turn.</summary>
internal sealed class IssuerTraffic : IAsyncDisposable
{
    private const int Machines = 4, People = 6;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Estate _estate;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _assertions = [];
    private Task _running = Task.CompletedTask;
    private int _unavailable;

    private IssuerTraffic(Estate estate, IReadOnlyList<RefreshSession> sessions) => (_estate, Sessions) = (estate, sessions);

    public IReadOnlyList<RefreshSession> Sessions { get; }

    /// <summary>What a machine was refused with although nothing was wrong.</summary>
    public ConcurrentQueue<NodeAnswer> Failures { get; } = [];

    /// <summary>The assertions that a token was issued for, oldest first.</summary>
    public IReadOnlyList<string> SpentAssertions => [.. _assertions];

    /// <summary>How many answers were refusals for want of a database; every one of them said when to come back.</summary>
    public int Unavailable => Volatile.Read(ref _unavailable);

    /// <summary>Signs everybody in and begins.</summary>
    public static async Task<IssuerTraffic> StartAsync(Estate estate)
    {
        List<RefreshSession> sessions = [];
        for (int i = 0; i < People; i++)
            sessions.Add(await RefreshSession.StartAsync(estate, estate.Nodes[i % estate.Nodes.Count]));
        var traffic = new IssuerTraffic(estate, sessions);
        traffic._running = Task.WhenAll(
        [
            .. sessions.Select(session => Task.Run(() => traffic.LoopAsync(session.GoOnAsync))),
            .. Enumerable.Range(0, Machines).Select(_ => Task.Run(() => traffic.MachineAsync(new NodeCaller(estate)))),
        ]);
        return traffic;
    }

    /// <summary>Returns when so many more of each kind have been answered well.</summary>
    public async Task FlowsAsync(int more)
    {
        int assertions = _assertions.Count + more;
        int[] refreshes = [.. Sessions.Select(session => session.Acknowledged + Math.Max(1, more / People))];
        await Eventually.IsSoAsync(() => HasFailed || (_assertions.Count >= assertions && Sessions.Zip(refreshes).All(pair => pair.First.Acknowledged >= pair.Second)),
            () => $"The traffic stands still.\n{_estate.Output}");
        NothingFailed();
    }

    /// <summary>Nobody was refused for any other reason than an issuer or a database that was not there.</summary>
    public void NothingFailed()
    {
        Failures.Select(answer => $"{answer.Status} {answer.Body}").ShouldBeEmpty(_estate.Output);
        Sessions.Where(session => session.Failure is not null).Select(session => $"{session.Failure!.Status} {session.Failure.Body}").ShouldBeEmpty(_estate.Output);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private bool HasFailed => !Failures.IsEmpty || Sessions.Any(session => session.Failure is not null);

    private Task MachineAsync(NodeCaller caller) => LoopAsync(async node =>
    {
        string assertion = caller.Assertion();
        NodeAnswer answer = await caller.TokenAsync(node, assertion);
        if (answer.IsOk)
            _assertions.Enqueue(assertion);
        else if (!answer.IsLost && !answer.IsUnavailable)
            Failures.Enqueue(answer);
        return answer;
    });

    private async Task LoopAsync(Func<IssuerNodeProcess, Task<NodeAnswer>> step)
    {
        for (int i = 0; !_stop.IsCancellationRequested && !HasFailed; i++)
        {
            NodeAnswer answer = await step(_estate.Nodes[i % _estate.Nodes.Count]);
            if (answer.IsUnavailable)
            {
                Interlocked.Increment(ref _unavailable);
                if (!answer.HasRetryAfter)
                    Failures.Enqueue(answer);
            }
            // A client that hammers at a dead issuer is not what is tried here.
            if (!answer.IsOk)
                await Task.Delay(Pause);
        }
    }
}
