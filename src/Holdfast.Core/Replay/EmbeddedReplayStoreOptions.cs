namespace Holdfast;

/// <summary>Settings of <see cref="EmbeddedReplayStore"/>.</summary>
public sealed class EmbeddedReplayStoreOptions
{
    /// <summary>
    /// The most live records; past it the answer is <see cref="ReplayResult.Full"/>. Default 4,000,000: with records that live two to two and
    /// a half minutes, about 28,000 accepted proofs a second, in at most 160 MB, taken as records come. At least 1.
    /// </summary>
    public int Capacity { get; init; } = 4_000_000;

    /// <summary>
    /// The most live records of one proof key, so that one caller cannot fill the store for all. Counted by estimation that never counts too
    /// few; a quota far below capacity / 4,000 may count a few too many while the store is nearly full. Default
    /// (<see langword="null"/>): <see cref="Capacity"/> / 8, some 3,500 requests a second. At least 1.
    /// </summary>
    public int? QuotaPerKey { get; init; }

    /// <summary>
    /// Declares that no other process accepts proofs for the same resource at the same time, not even during a deployment. The restart fence
    /// then needs no time for an older process to drain. Default false.
    /// </summary>
    public bool SingleInstance { get; init; }

    /// <summary>
    /// Declares that no earlier process ever accepted proofs here (the data directory was just created, for example): no restart fence.
    /// Default false.
    /// </summary>
    public bool NoPredecessor { get; init; }
}
