namespace Holdfast.Internal;

/// <summary>
/// Counts live records, all of them and by owner. Owners are counted in a count-min sketch, so that a stranger with a million keys costs no
/// memory: four counters an owner, the smallest counts; it is never too small. Safe for concurrent use.
/// </summary>
internal sealed class ReplayRoom(int capacity, int quota)
{
    private readonly Lock _gate = new();
    private readonly OwnerSketch _owners = new(capacity, quota);
    private readonly int[] _countOfSlot = new int[ReplaySlots.Ring];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Takes room for one record; false where there is none left, or none for this owner.</summary>
    public bool TryTake(ulong owner, long slot)
    {
        lock (_gate)
        {
            if (_count >= capacity || !_owners.TryCount(owner, ReplaySlots.Place(slot), quota))
                return false;
            _countOfSlot[ReplaySlots.Place(slot)]++;
            _count++;
            return true;
        }
    }

    /// <summary>Gives back the room that was taken for a record that is not there after all.</summary>
    public void Return(ulong owner, long slot)
    {
        int place = ReplaySlots.Place(slot);
        lock (_gate)
        {
            // Where the slot was freed in the meantime, its room went with it.
            if (_countOfSlot[place] == 0)
                return;
            _countOfSlot[place]--;
            _count--;
            _owners.Uncount(owner, place);
        }
    }

    /// <summary>Gives back the room of slots that every shard has dropped.</summary>
    public void FreeSlots(long first, long end)
    {
        lock (_gate)
        {
            for (long slot = first; slot < Math.Min(end, first + ReplaySlots.Ring); slot++)
            {
                int place = ReplaySlots.Place(slot);
                if (_countOfSlot[place] == 0)
                    continue;
                _count -= _countOfSlot[place];
                _countOfSlot[place] = 0;
                _owners.Forget(place);
            }
        }
    }
}
