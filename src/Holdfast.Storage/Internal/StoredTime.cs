namespace Holdfast.Storage;

/// <summary>Times as they are stored: unix milliseconds.</summary>
internal static class StoredTime
{
    public static long Of(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    public static DateTimeOffset From(long stored) => DateTimeOffset.FromUnixTimeMilliseconds(stored);

    public static DateTimeOffset? From(long? stored) => stored is { } value ? From(value) : null;
}
