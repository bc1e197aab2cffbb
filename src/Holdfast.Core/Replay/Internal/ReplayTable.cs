namespace Holdfast.Internal;

/// <summary>
/// A set of keys with open addressing and linear probing. At most three quarters full, and half full just after it has grown: 32 bytes a key
/// at most, and a miss looks at eight places on average at worst. Not safe for concurrent use.
/// </summary>
internal sealed class ReplayTable(ReplayHash hash)
{
    private UInt128[] _keys = new UInt128[16];
    private int _count;

    public bool Contains(UInt128 key, ulong keyHash) => _keys[Find(_keys, key, keyHash)] == key;

    /// <summary>True where the key stands in the very place where looking for it begins.</summary>
    public bool StartsWith(UInt128 key, ulong keyHash) => _keys[Start(_keys, keyHash)] == key;

    /// <summary>Adds a key that is not there yet.</summary>
    public void Add(UInt128 key, ulong keyHash)
    {
        if (_count >= _keys.Length / 4 * 3)
            Grow();
        _keys[Find(_keys, key, keyHash)] = key;
        _count++;
    }

    // Half as much again rather than twice: less unused memory. Keys are placed by the high bits of their hash, so both arrays are walked
    // in order and copying is cheap.
    private void Grow()
    {
        var grown = new UInt128[_keys.Length / 8 * 12];
        foreach (UInt128 key in _keys)
        {
            if (key != UInt128.Zero)
                grown[Find(grown, key, hash.Of(key))] = key;
        }
        _keys = grown;
    }

    // The place of the key, or the empty one where it belongs. There always is an empty one.
    private static int Find(UInt128[] keys, UInt128 key, ulong keyHash)
    {
        int place = Start(keys, keyHash);
        while (keys[place] != key && keys[place] != UInt128.Zero)
        {
            if (++place == keys.Length)
                place = 0;
        }
        return place;
    }

    private static int Start(UInt128[] keys, ulong keyHash) => (int)Math.BigMul(keyHash, (ulong)keys.Length, out _);
}
