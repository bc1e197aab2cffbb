using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Holdfast.Internal;

/// <summary>
/// Spreads replay keys over shards and tables under a seed of this process. The keys are hashes already, but a client can try identifiers
/// until many of its keys look alike; without the seed it cannot know which of them meet in one place.
/// </summary>
internal readonly struct ReplayHash
{
    private readonly ulong _low;
    private readonly ulong _high;
    private readonly UInt128 _insteadOfZero;

    private ReplayHash(ReadOnlySpan<ulong> seed)
    {
        _low = seed[0];
        _high = seed[1];
        _insteadOfZero = new(seed[2], seed[3] | 1);
    }

    public static ReplayHash Random()
    {
        Span<ulong> seed = stackalloc ulong[4];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(seed));
        return new(seed);
    }

    /// <summary>Zero means an empty place in a table: a zero key goes by a random name.</summary>
    public UInt128 Stored(UInt128 key) => key == UInt128.Zero ? _insteadOfZero : key;

    public ulong Of(UInt128 stored)
    {
        ulong high = Math.BigMul((ulong)stored ^ _low, (ulong)(stored >> 64) ^ _high, out ulong low);
        return high ^ low;
    }
}
