using System.Numerics;
using Holdfast.Internal;

namespace Holdfast;

/// <summary>
/// Remembers proofs in the memory of this process. Bounded by <see cref="EmbeddedReplayStoreOptions.Capacity"/>; never evicts a live record;
/// a restart is covered by a fence instead of a file. It protects one process: several nodes behind one name need nonces that are bound to
/// the node (<see cref="NonceMode.Always"/> with <see cref="DPoPNonces.CreateForProcess"/>) or a shared store.
/// </summary>
public sealed class EmbeddedReplayStore : IReplayStore
{
    // How long an older process may still be answering requests after this one has started.
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(60);

    private readonly VerifierClock _clock;
    private readonly DateTimeOffset? _fence;
    private readonly ReplayHash _hash = ReplayHash.Random();
    private readonly ReplayShard[] _shards;
    private readonly ReplayRoom _room;
    private readonly Lock _dropping = new();
    private long _firstSlot;

    /// <summary>An empty store. The restart fence counts from now.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public EmbeddedReplayStore(EmbeddedReplayStoreOptions options, VerifierClock clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        int quota = options.QuotaPerKey ?? Math.Max(1, options.Capacity / 8);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Capacity, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(quota, 1, nameof(options));

        DateTimeOffset start = clock.Now;
        _clock = clock;
        // A predecessor may have accepted, until it was drained, proofs dated ahead of its clock by the tolerated skew.
        _fence = options.NoPredecessor ? null : start + (options.SingleInstance ? TimeSpan.Zero : Drain) + ReplayWindow.SkewAhead;
        _room = new(options.Capacity, quota);
        _firstSlot = ReplaySlots.At(start.UtcTicks);
        _shards = new ReplayShard[BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(options.Capacity / 4096, 1, 64))];
        for (int i = 0; i < _shards.Length; i++)
            _shards[i] = new(_hash, _firstSlot);
    }

    /// <summary>Live records.</summary>
    public long Count
    {
        get
        {
            DropExpired(_clock.Now.UtcTicks);
            return _room.Count;
        }
    }

    /// <summary>
    /// Until when even a proof that is created at this moment is <see cref="ReplayResult.Fenced"/> unless it carries a nonce;
    /// <see langword="null"/> where that time is over or never was.
    /// </summary>
    public DateTimeOffset? FencedUntil => _fence is { } fence && _clock.Now <= fence ? fence : null;

    /// <inheritdoc/>
    public ValueTask<ReplayResult> TryAddAsync(ReplayRecord record, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<ReplayResult>(cancellationToken)
            : new(TryAdd(record));

    private ReplayResult TryAdd(in ReplayRecord record)
    {
        long now = _clock.Now.UtcTicks;
        DropExpired(now);

        UInt128 key = _hash.Stored(record.Key.Value);
        ulong keyHash = _hash.Of(key);
        // DPOP-V-28, RFC 9449 §11.1: the record outlives every moment at which the proof could be accepted; counted from its anchor.
        long expiry = record.Anchor.Time.UtcTicks + ReplayWindow.Life.Ticks;
        long slot = ReplaySlots.At(expiry);

        // The low bits of the hash choose the shard, the high ones the place in a table.
        ReplayShard shard = _shards[(int)keyHash & (_shards.Length - 1)];
        // DPOP-V-29, RFC 9449 §11.1: testing and setting is one operation.
        lock (shard.Gate)
        {
            // DPOP-V-27, RFC 9449 §11.1: a repeat is declined for as long as the first would be accepted, whatever its iat says.
            if (shard.Contains(key, keyHash))
                return ReplayResult.Replayed;
            if (slot < shard.FirstSlot || IsFenced(record.Anchor, expiry, now))
                return ReplayResult.Fenced;
            if (!_room.TryTake(record.Owner, slot))
                return ReplayResult.Full;
            shard.Add(slot, key, keyHash);
            return ReplayResult.Added;
        }
    }

    private bool IsFenced(FreshnessAnchor anchor, long expiry, long now)
    {
        // The record could already be gone: the proof was accepted too late, or its check took too long.
        if (expiry <= now)
            return true;
        // No acceptable proof lies further ahead. Filed beyond the ring it would fall into a slot that is dropped earlier.
        if (anchor.Time.UtcTicks - now > ReplayWindow.SkewAhead.Ticks)
            return true;
        // A nonce of this process proves that the proof was made after its start: nobody else can have accepted it.
        return !anchor.FromNonce && anchor.Time <= _fence;
    }

    private void DropExpired(long now)
    {
        long slot = ReplaySlots.At(now);
        if (slot <= Volatile.Read(ref _firstSlot))
            return;
        lock (_dropping)
        {
            if (slot <= _firstSlot)
                return;
            foreach (ReplayShard shard in _shards)
            {
                lock (shard.Gate)
                    shard.DropBefore(slot);
            }
            // Only now: room is given back when nothing can be added to these slots any more, so memory stays within the capacity.
            _room.FreeSlots(_firstSlot, slot);
            Volatile.Write(ref _firstSlot, slot);
        }
    }
}
