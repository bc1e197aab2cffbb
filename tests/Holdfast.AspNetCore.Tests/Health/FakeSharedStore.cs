namespace Holdfast.AspNetCore.Tests;

/// <summary>A shared store of one's own: it keeps records until a test has it forget, fall silent, or lose its database.</summary>
public sealed class FakeSharedStore(VerifierClock clock) : ISharedReplayStore
{
    private readonly EmbeddedReplayStore _records = new(new EmbeddedReplayStoreOptions { NoPredecessor = true }, clock);
    private int _calls;

    public string? WhyNotReady { get; set; }

    /// <summary>What it answers in place of what it knows.</summary>
    public ReplayResult? Answer { get; set; }

    /// <summary>When it answers at all.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public Exception? Failure { get; set; }

    public int Calls => _calls;

    public async ValueTask<ReplayResult> TryAddAsync(ReplayRecord record, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        await Gate.WaitAsync(cancellationToken);
        return Failure is { } failure ? throw failure : Answer ?? await _records.TryAddAsync(record, cancellationToken);
    }
}
