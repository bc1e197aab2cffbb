namespace Holdfast.Cli.Explain;

/// <summary>The replay store of an explanation: one that knows only what it was shown, or one that plays a state of the server's.</summary>
internal sealed class ExplainReplay(ReplayResult answer) : IReplayStore
{
    /// <summary>By the name in the vectors' format.</summary>
    public static IReplayStore Create(string? name, VerifierClock clock) => name switch
    {
        "fenced" => new ExplainReplay(ReplayResult.Fenced),
        "full" => new ExplainReplay(ReplayResult.Full),
        "unavailable" => new ExplainReplay(ReplayResult.Unavailable),
        _ => new EmbeddedReplayStore(new EmbeddedReplayStoreOptions { NoPredecessor = true, Capacity = 10_000 }, clock),
    };

    /// <inheritdoc/>
    public ValueTask<ReplayResult> TryAddAsync(ReplayRecord record, CancellationToken cancellationToken) => new(answer);
}
