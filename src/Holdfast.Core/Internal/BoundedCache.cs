using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Holdfast.Internal;

/// <summary>
/// A cache that never holds more than its capacity. Reads take no lock. What is dropped is about the least recently used: entries are
/// written to a young generation; when that holds half of the capacity it becomes the old one, and the old one before it is dropped;
/// a hit in the old generation moves the entry to the young one. Values are not disposed.
/// </summary>
/// <remarks>
/// Once <see cref="Remove"/> or <see cref="Clear"/> has returned, no read that starts later finds what was removed, whatever ran at the
/// same time, unless it is set again: a revoked token or key is not brought back by a concurrent hit.
/// </remarks>
internal sealed class BoundedCache<TKey, TValue>
    where TKey : notnull
{
    private readonly Lock _writing = new();
    private readonly int _half;
    private readonly IEqualityComparer<TKey>? _comparer;
    private volatile Generations _generations;
    private int _youngCount;

    /// <summary>An empty cache of at most <paramref name="capacity"/> entries, two at least.</summary>
    public BoundedCache(int capacity, IEqualityComparer<TKey>? comparer = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 2);
        _half = capacity / 2;
        _comparer = comparer;
        _generations = new(NewGeneration(), NewGeneration());
    }

    /// <summary>Finds an entry and marks it as used.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        Generations generations = _generations;
        if (generations.Young.TryGetValue(key, out value))
            return true;
        return generations.Old.TryGetValue(key, out value) && Promote(key, out value);
    }

    /// <summary>Adds an entry, or replaces it.</summary>
    public void Set(TKey key, TValue value)
    {
        lock (_writing)
            SetYoung(key, value);
    }

    /// <summary>Removes an entry; false where there was none.</summary>
    public bool Remove(TKey key)
    {
        lock (_writing)
        {
            bool young = _generations.Young.TryRemove(key, out _);
            if (young)
                _youngCount--;
            return _generations.Old.TryRemove(key, out _) || young;
        }
    }

    /// <summary>Removes everything.</summary>
    public void Clear()
    {
        lock (_writing)
        {
            _generations = new(NewGeneration(), NewGeneration());
            _youngCount = 0;
        }
    }

    private bool Promote(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_writing)
        {
            // Looked up again under the lock: it may have been removed, replaced or dropped since.
            if (_generations.Young.TryGetValue(key, out value))
                return true;
            if (!_generations.Old.TryGetValue(key, out value))
                return false;
            // It stays in the old generation too, so that no concurrent read misses it on its way.
            SetYoung(key, value);
            return true;
        }
    }

    private void SetYoung(TKey key, TValue value)
    {
        if (_generations.Young.ContainsKey(key))
        {
            _generations.Young[key] = value;
            return;
        }
        if (_youngCount == _half)
        {
            _generations = new(NewGeneration(), _generations.Young);
            _youngCount = 0;
        }
        _generations.Young[key] = value;
        _youngCount++;
    }

    private ConcurrentDictionary<TKey, TValue> NewGeneration() => new(concurrencyLevel: 1, capacity: Math.Min(_half, 31), _comparer);

    private sealed record Generations(ConcurrentDictionary<TKey, TValue> Young, ConcurrentDictionary<TKey, TValue> Old);
}
