using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Holdfast.Internal;

/// <summary>
/// A count-min sketch of live records by owner: one for all slots together, and one a slot to be subtracted when the slot is dropped. The
/// seeds are random in each process, so that nobody can choose a key that shares its counters with a victim's. Not safe for concurrent use.
/// </summary>
internal sealed class OwnerSketch
{
    private const int Rows = 4;

    private readonly ulong[] _seeds = new ulong[2 * Rows];
    private readonly int _widthBits;
    private readonly int[] _live;
    private readonly int[]?[] _slots = new int[ReplaySlots.Ring][];

    /// <summary>A sketch whose error is a small part of the quota, within some 2 bytes a record of capacity.</summary>
    public OwnerSketch(int capacity, int quota)
    {
        // A counter is shared with records of others: capacity / width of them on average in a full store, so 32 times as wide as there are
        // quotas in the capacity keeps that to 1/32 of a quota, and the smallest of four rows is better.
        long wanted = 32 * Math.Max(1, (long)capacity / quota);
        long affordable = Math.Clamp(capacity / 64, 1 << 10, 1 << 16);
        _widthBits = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((ulong)Math.Clamp(wanted, 1 << 8, affordable)));
        _live = new int[Rows << _widthBits];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(_seeds.AsSpan()));
    }

    /// <summary>Counts one record for the owner, unless it already has its quota.</summary>
    public bool TryCount(ulong owner, int slot, int quota)
    {
        Span<int> places = stackalloc int[Rows];
        int least = int.MaxValue;
        for (int row = 0; row < Rows; row++)
        {
            places[row] = PlaceOf(owner, row);
            least = Math.Min(least, _live[places[row]]);
        }
        if (least >= quota)
            return false;

        int[] counts = _slots[slot] ??= new int[_live.Length];
        foreach (int place in places)
        {
            _live[place]++;
            counts[place]++;
        }
        return true;
    }

    /// <summary>Takes one record of the owner away that was counted in the slot.</summary>
    public void Uncount(ulong owner, int slot)
    {
        if (_slots[slot] is not { } counts)
            return;
        for (int row = 0; row < Rows; row++)
        {
            int place = PlaceOf(owner, row);
            _live[place]--;
            counts[place]--;
        }
    }

    /// <summary>Takes everything counted in the slot away.</summary>
    public void Forget(int slot)
    {
        if (_slots[slot] is not { } counts)
            return;
        for (int place = 0; place < counts.Length; place++)
            _live[place] -= counts[place];
        Array.Clear(counts);
    }

    private int PlaceOf(ulong owner, int row)
    {
        ulong hash = Math.BigMul(owner ^ _seeds[row], _seeds[Rows + row] | 1, out ulong low) ^ low;
        return (row << _widthBits) + (int)(hash >> (64 - _widthBits));
    }
}
