using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Issuer;

/// <summary>
/// Counts events by key in a fixed amount of memory, whatever number of keys there is: for each the one instant at which its budget is whole again (the generic
/// cell rate algorithm), so nothing has to be swept. Where there are more keys than places the one that is nearest to being whole is forgotten: under a flood of
/// addresses a limit is loosened for somebody, never tightened for a stranger. Keys are hashed under a random key, so nobody can aim at the place of another.
/// Safe for concurrent use.
/// </summary>
internal sealed class RateTable
{
    private const int Ways = 4;

    private readonly TimeProvider _timeProvider;
    private readonly long _interval;
    private readonly long _window;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(16);
    private readonly Lock[] _locks = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];
    private readonly Entry[] _entries;

    /// <summary>A table for so many events a window, which may come all at once, of some <paramref name="places"/> keys.</summary>
    public RateTable(TimeProvider timeProvider, int limit, TimeSpan window, int places = 32_768)
    {
        _timeProvider = timeProvider;
        _window = window.Ticks;
        _interval = Math.Max(1, window.Ticks / limit);
        _entries = new Entry[places];
    }

    /// <summary>How long until the key may again; null where it may now. Counts nothing.</summary>
    public TimeSpan? Wait(string key) => Visit(key, isEvent: false);

    /// <summary>Counts an event; how long the key has to wait where it was one too many, which does not count.</summary>
    public TimeSpan? Count(string key) => Visit(key, isEvent: true);

    private TimeSpan? Visit(string key, bool isEvent)
    {
        (int set, ulong tag) = Place(key);
        long now = _timeProvider.GetElapsedTime(0).Ticks;
        lock (_locks[set % _locks.Length])
        {
            Span<Entry> ways = _entries.AsSpan(set * Ways, Ways);
            int found = 0;
            for (int i = 0; i < Ways; i++)
            {
                if (ways[i].Tag == tag)
                {
                    found = i;
                    break;
                }
                if (ways[i].WholeAt < ways[found].WholeAt)
                    found = i;
            }
            long wholeAt = Math.Max(ways[found].Tag == tag ? ways[found].WholeAt : now, now) + _interval;
            if (wholeAt - now > _window)
                return TimeSpan.FromTicks(wholeAt - now - _window);
            if (isEvent)
                ways[found] = new(tag, wholeAt);
            return null;
        }
    }

    private (int Set, ulong Tag) Place(string key)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(key), hash);
        // Never 0, which is an empty place.
        return ((int)(BitConverter.ToUInt32(hash) % (uint)(_entries.Length / Ways)), BitConverter.ToUInt64(hash[8..]) | 1);
    }

    private readonly record struct Entry(ulong Tag, long WholeAt);
}
