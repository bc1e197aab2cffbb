namespace Holdfast.Internal;

/// <summary>Scheme, host and port (RFC 3986 §3.1, §3.2; RFC 9110 §4.2).</summary>
internal static class TargetOrigin
{
    /// <summary>Reads the origin at the start of <paramref name="uri"/>; <paramref name="end"/> is where the path begins.</summary>
    public static bool TryRead(ReadOnlySpan<char> uri, ref TargetWriter writer, out int end)
    {
        end = 0;
        // DPOP-V-19, RFC 9449 §4.2: an absolute http or https URI.
        int defaultPort, start;
        if (uri.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            (defaultPort, start) = (443, 8);
        else if (uri.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            (defaultPort, start) = (80, 7);
        else
            return false;
        writer.Write(defaultPort == 443 ? "https://" : "http://");

        int length = uri[start..].IndexOf('/');
        end = length < 0 ? uri.Length : start + length;
        return TryReadAuthority(uri[start..end], defaultPort, ref writer);
    }

    private static bool TryReadAuthority(ReadOnlySpan<char> authority, int defaultPort, ref TargetWriter writer)
    {
        // A user name, "user@", is refused with it: neither a host nor a port may hold "@" (DPOP-V-19, RFC 9110 §4.2.4).
        int bracket = authority.IndexOf(']');
        int colon = authority[(bracket + 1)..].IndexOf(':');
        int hostEnd = colon < 0 ? authority.Length : bracket + 1 + colon;
        return TargetHost.TryRead(authority[..hostEnd], ref writer)
            && (hostEnd == authority.Length || TryReadPort(authority[(hostEnd + 1)..], defaultPort, ref writer));
    }

    // DPOP-V-17, RFC 3986 §6.2.3: the default port and an empty one are dropped; leading zeros say nothing.
    private static bool TryReadPort(ReadOnlySpan<char> digits, int defaultPort, ref TargetWriter writer)
    {
        if (digits.ContainsAnyExceptInRange('0', '9'))
            return false;
        if (digits.IsEmpty)
            return true;
        digits = digits.TrimStart('0');
        if (digits.Length > 5)
            return false;
        int port = 0;
        foreach (char digit in digits)
            port = (port * 10) + (digit - '0');
        if (port > ushort.MaxValue)
            return false;
        if (port == defaultPort)
            return true;
        writer.Write(':');
        writer.Write(digits.IsEmpty ? "0" : digits);
        return true;
    }
}
