namespace Holdfast;

/// <summary>
/// Remembers accepted proofs. One atomic operation: of any number of concurrent calls with equal keys exactly one is answered
/// <see cref="ReplayResult.Added"/>. A live record is never evicted. Implementations pass <c>ReplayStoreContract</c>.
/// </summary>
public interface IReplayStore
{
    /// <summary>
    /// Files the proof. A store that cannot answer says <see cref="ReplayResult.Unavailable"/> instead of throwing; only
    /// cancellation throws.
    /// </summary>
    ValueTask<ReplayResult> TryAddAsync(ReplayRecord record, CancellationToken cancellationToken);
}

/// <summary>What is filed for an accepted proof.</summary>
/// <param name="Key">What makes the proof the same proof, however it is spelled.</param>
/// <param name="Owner">Whose quota it counts against: a hash of the proof key's thumbprint.</param>
/// <param name="Anchor">From which the record's expiry is computed, and never from now: every node files a proof in the same place.</param>
public readonly record struct ReplayRecord(ReplayKey Key, ulong Owner, FreshnessAnchor Anchor);

/// <summary>The answer of a replay store. The default value is a refusal.</summary>
public enum ReplayResult
{
    /// <summary>Nothing is known; refused.</summary>
    Unavailable = 0,

    /// <summary>First seen, and now remembered.</summary>
    Added = 1,

    /// <summary>Seen before.</summary>
    Replayed = 2,

    /// <summary>A predecessor of this process may have accepted it, or its record could already be gone: ask for a nonce.</summary>
    Fenced = 3,

    /// <summary>No room, or the owner's quota is used up.</summary>
    Full = 4,
}
