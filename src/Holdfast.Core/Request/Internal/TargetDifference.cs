namespace Holdfast.Internal;

/// <summary>Says in which component two canonical targets differ. For people; decides nothing.</summary>
internal static class TargetDifference
{
    public static string? Between(string expected, string seen)
    {
        if (string.Equals(expected, seen, StringComparison.Ordinal))
            return null;
        var (expectedScheme, expectedHost, expectedPort, expectedPath) = Split(expected);
        var (seenScheme, seenHost, seenPort, seenPath) = Split(seen);
        if (!expectedScheme.SequenceEqual(seenScheme))
            return "scheme";
        if (!expectedHost.SequenceEqual(seenHost))
            return "host";
        return expectedPort.SequenceEqual(seenPort) ? BetweenPaths(expectedPath, seenPath) : "port";
    }

    private static string BetweenPaths(ReadOnlySpan<char> expected, ReadOnlySpan<char> seen)
    {
        if (expected.Equals(seen, StringComparison.OrdinalIgnoreCase))
            return "path case";
        ReadOnlySpan<char> longer = expected.Length > seen.Length ? expected : seen;
        ReadOnlySpan<char> shorter = expected.Length > seen.Length ? seen : expected;
        if (longer.Length == shorter.Length + 1 && longer[^1] == '/' && longer.StartsWith(shorter, StringComparison.Ordinal))
            return "trailing slash";
        if (shorter.Length > 1 && longer.EndsWith(shorter, StringComparison.Ordinal))
            return "path prefix";
        return SameOnceDecoded(expected.ToString(), seen.ToString()) ? "percent-encoding" : "path";
    }

    // Either one side decoded a reserved octet, or one side encoded twice.
    private static bool SameOnceDecoded(string expected, string seen)
    {
        string expectedOnce = Uri.UnescapeDataString(expected);
        string seenOnce = Uri.UnescapeDataString(seen);
        return string.Equals(expectedOnce, seenOnce, StringComparison.Ordinal)
            || string.Equals(expectedOnce, seen, StringComparison.Ordinal)
            || string.Equals(expected, seenOnce, StringComparison.Ordinal);
    }

    private static Parts Split(ReadOnlySpan<char> target)
    {
        int host = target.IndexOf("://", StringComparison.Ordinal);
        if (host < 0)
            return default;
        ReadOnlySpan<char> rest = target[(host + 3)..];
        int path = rest.IndexOf('/');
        int bracket = rest[..path].IndexOf(']');
        int colon = rest[(bracket + 1)..path].IndexOf(':');
        int port = colon < 0 ? path : bracket + 1 + colon;
        return new() { Scheme = target[..host], Host = rest[..port], Port = rest[port..path], Path = rest[path..] };
    }

    private ref struct Parts
    {
        public ReadOnlySpan<char> Scheme;
        public ReadOnlySpan<char> Host;
        public ReadOnlySpan<char> Port;
        public ReadOnlySpan<char> Path;

        public readonly void Deconstruct(out ReadOnlySpan<char> scheme, out ReadOnlySpan<char> host, out ReadOnlySpan<char> port,
            out ReadOnlySpan<char> path)
        {
            scheme = Scheme;
            host = Host;
            port = Port;
            path = Path;
        }
    }
}
