using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.AspNetCore;

/// <summary>The self-tests of all doors of this process, run together: when it starts, and then at most once a second, however many ask.</summary>
internal sealed class ReplaySelfTests(IEnumerable<ReplaySelfTestSource> sources, IServiceProvider services, TimeProvider timeProvider, ILogger<ReplaySelfTests> logger)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);
    // What an operator waits for at most. By the machine's own time, as the store is asked in it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // Of the doors here, one that does not use it keeps records of its own and is ready at once.
    private readonly ISharedReplayStore? _shared = services.GetService<IReplayStore>() as ISharedReplayStore;
    private readonly Lock _gate = new();
    private Task<ReplaySelfTestResult>? _last;
    private Task<string?>? _start;
    private long _since;
    private ReplaySelfTestResult _told = new(ReplaySelfTestOutcome.Passed, null);

    /// <summary>
    /// Runs them before the first request, once the shared store can be asked, and says why the process must not start: a replay was accepted. Otherwise null. A store
    /// that cannot be reached in a few seconds does not stop the start: until it answers, requests are refused.
    /// </summary>
    public Task<string?> RunAtStartAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            _start ??= StartAsync();
        return _start.WaitAsync(cancellationToken);
    }

    /// <summary>The outcome, a second old at most.</summary>
    public Task<ReplaySelfTestResult> RunAsync()
    {
        lock (_gate)
        {
            if (_last is null || (_last.IsCompleted && timeProvider.GetElapsedTime(_since) >= Freshness))
                (_since, _last) = (timeProvider.GetTimestamp(), Task.Run(RunAllAsync));
            return _last;
        }
    }

    private async Task<string?> StartAsync()
    {
        long start = Stopwatch.GetTimestamp();
        while (_shared?.WhyNotReady is not null && Stopwatch.GetElapsedTime(start) < Patience)
            await Task.Delay(Pause);
        ReplaySelfTestResult result = await RunAsync();
        return result.Outcome == ReplaySelfTestOutcome.ReplayAccepted
            ? "The replay store accepted a made-up proof twice, so it would accept a stolen one: IReplayStore.TryAddAsync must answer Added once for a key, whoever asks and however often. Mend the store that is registered, or register none."
            : null;
    }

    private async Task<ReplaySelfTestResult> RunAllAsync()
    {
        ReplaySelfTestResult result = await WorstAsync();
        // Once for each change, however often somebody asks.
        if (result != _told)
            Tell(result);
        _told = result;
        return result;
    }

    private async Task<ReplaySelfTestResult> WorstAsync()
    {
        ReplaySelfTestResult worst = new(ReplaySelfTestOutcome.Passed, null);
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            foreach (ReplaySelfTest test in sources.SelectMany(static source => source()))
            {
                ReplaySelfTestResult result = await test.RunAsync(patience.Token).WaitAsync(patience.Token);
                if (result.Outcome == ReplaySelfTestOutcome.ReplayAccepted)
                    return result;
                if (worst.Outcome == ReplaySelfTestOutcome.Passed)
                    worst = result;
            }
        }
        catch (OperationCanceledException)
        {
            worst = new(ReplaySelfTestOutcome.Unavailable, "the replay store does not answer");
        }
#pragma warning disable CA1031 // A store of the application's own; whatever it throws, a store that fails is one that cannot be asked.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            worst = new(ReplaySelfTestOutcome.Unavailable, $"the replay store failed: {failure.Message}");
        }
        // The store knows better why; and a node that does without it is told from one that has it.
        return _shared?.WhyNotReady is { } reason && worst.Outcome is ReplaySelfTestOutcome.Unavailable or ReplaySelfTestOutcome.Passed ? worst with { Reason = reason } : worst;
    }

    private void Tell(ReplaySelfTestResult result)
    {
        switch (result)
        {
            case { Outcome: ReplaySelfTestOutcome.ReplayAccepted }:
                HoldfastLog.LogReplayAccepted(logger);
                break;
            case { Outcome: ReplaySelfTestOutcome.Passed, Reason: null }:
                HoldfastLog.LogSelfTestPasses(logger);
                break;
            case { Outcome: ReplaySelfTestOutcome.Fenced }:
                HoldfastLog.LogSelfTestFenced(logger);
                break;
            default:
                HoldfastLog.LogSelfTestFails(logger, result.Outcome, result.Reason);
                break;
        }
    }
}
