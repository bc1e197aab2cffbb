using Holdfast.Internal;

namespace Holdfast.Replay.PostgreSql.Internal;

/// <summary>What this node may still file: capacity and quotas, counted as in the embedded store, given back as records expire.</summary>
internal sealed class SharedRoom(PostgreSqlReplayOptions options, VerifierClock clock)
{
    private readonly ReplayRoom _room = new(options.Capacity, options.QuotaPerKey ?? Math.Max(1, options.Capacity / 8));
    private readonly Lock _freeing = new();
    private long _firstSlot = ReplaySlots.At(clock.Now.UtcTicks);

    /// <summary>Takes room for a record; false where there is none.</summary>
    public bool TryTake(in ReplayRecord record)
    {
        FreeEndedSlots();
        return _room.TryTake(record.Owner, SlotOf(record));
    }

    /// <summary>Gives it back: the record was not added.</summary>
    public void Return(in ReplayRecord record) => _room.Return(record.Owner, SlotOf(record));

    private static long SlotOf(in ReplayRecord record) => ReplaySlots.At(record.Anchor.Time.UtcTicks + ReplayTime.Life);

    private void FreeEndedSlots()
    {
        long slot = ReplaySlots.At(clock.Now.UtcTicks);
        if (slot <= Volatile.Read(ref _firstSlot))
            return;
        lock (_freeing)
        {
            if (slot <= _firstSlot)
                return;
            _room.FreeSlots(_firstSlot, slot);
            Volatile.Write(ref _firstSlot, slot);
        }
    }
}
