using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Holdfast.Internal;

/// <summary>A host: a name, an IPv4 address as text, or a bracketed IPv6 literal (RFC 3986 §3.2.2).</summary>
internal static class TargetHost
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    private static readonly SearchValues<char> Ipv6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    private static readonly IdnMapping Idn = new() { AllowUnassigned = false, UseStd3AsciiRules = true };

    public static bool TryRead(ReadOnlySpan<char> host, ref TargetWriter writer)
    {
        if (host.StartsWith('['))
            return TryReadIpv6(host, ref writer);
        // An empty label names nothing; a trailing dot does, and another thing than the name without it.
        if (host.IsEmpty || host.StartsWith('.') || host.Contains("..", StringComparison.Ordinal))
            return false;
        if (!Ascii.IsValid(host))
            return TryReadInternational(host, ref writer);
        // Percent-escapes and sub-delims are grammatical in a registered name and never seen in DNS: refused.
        if (host.ContainsAnyExcept(NameCharacters))
            return false;
        WriteLower(host, ref writer);
        return true;
    }

    // Shorthand, case and zero runs of a literal are spelling (RFC 5952 §4); a zone or an IPvFuture literal is refused.
    private static bool TryReadIpv6(ReadOnlySpan<char> host, ref TargetWriter writer)
    {
        if (host.Length < 4 || host[^1] != ']' || host[1..^1].ContainsAnyExcept(Ipv6Characters))
            return false;
        if (!IPAddress.TryParse(host[1..^1], out IPAddress? address) || address.AddressFamily != AddressFamily.InterNetworkV6)
            return false;
        writer.Write('[');
        writer.Write(address.ToString());
        writer.Write(']');
        return true;
    }

    // DPOP-V-19, RFC 5891 §5: A-labels are compared. What IdnMapping maps depends on the host's globalization mode, so only names
    // that need no mapping are taken: lower-case letters, marks and digits that survive the round trip.
    private static bool TryReadInternational(ReadOnlySpan<char> host, ref TargetWriter writer)
    {
        foreach (Rune rune in host.EnumerateRunes())
        {
            if (!(rune.IsAscii ? NameCharacters.Contains((char)rune.Value) : IsInternationalLetter(rune)))
                return false;
        }
        Span<char> lower = host.Length <= 255 ? stackalloc char[host.Length] : [];
        if (lower.IsEmpty)
            return false;
        for (int i = 0; i < lower.Length; i++)
            lower[i] = char.IsAsciiLetterUpper(host[i]) ? (char)(host[i] | 0x20) : host[i];
        try
        {
            string name = lower.ToString();
            string ascii = Idn.GetAscii(name);
            if (ascii.Length > 255 || !string.Equals(Idn.GetUnicode(ascii), name, StringComparison.Ordinal))
                return false;
            WriteLower(ascii, ref writer);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool IsInternationalLetter(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.LowercaseLetter
        or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.NonSpacingMark
        or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber;

    private static void WriteLower(ReadOnlySpan<char> name, ref TargetWriter writer)
    {
        foreach (char c in name)
            writer.Write(char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c);
    }
}
