using Holdfast.Testing;

namespace Holdfast.Core.Tests.Replay;

public sealed class EmbeddedReplayStoreTests : ReplayStoreContract
{
    protected override IReplayStore Create(TimeProvider time, int capacity, int quotaPerKey) => new EmbeddedReplayStore(
        new() { Capacity = capacity, QuotaPerKey = quotaPerKey, NoPredecessor = true }, new VerifierClock(time));
}
