using System.Text.Json;

namespace Holdfast.Testing.Vectors;

/// <summary>The replay store that a vector asks for.</summary>
public static class VectorStores
{
    public static IReplayStore Create(string kind, VerifierClock clock) => kind switch
    {
        "memory" => new EmbeddedReplayStore(new EmbeddedReplayStoreOptions { NoPredecessor = true, Capacity = 10_000 }, clock),
        "fenced" => new Always(ReplayResult.Fenced),
        "full" => new Always(ReplayResult.Full),
        "unavailable" => new Always(ReplayResult.Unavailable),
        _ => throw new JsonException($"replayStore {kind}"),
    };

    private sealed class Always(ReplayResult answer) : IReplayStore
    {
        public ValueTask<ReplayResult> TryAddAsync(ReplayRecord record, CancellationToken cancellationToken) => new(answer);
    }
}
