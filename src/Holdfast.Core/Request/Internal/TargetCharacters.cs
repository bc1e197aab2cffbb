using System.Buffers;

namespace Holdfast.Internal;

/// <summary>Which raw characters each part may hold. Whatever is not listed is refused, never repaired.</summary>
internal static class TargetCharacters
{
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    // RFC 3986 §3.3 pchar and "/", besides "%"; "[" and "]" are not in the grammar, but WHATWG URL leaves them raw in paths and
    // they are compared as they are, so that nothing is gained by refusing them.
    private static readonly SearchValues<char> Path = SearchValues.Create(Alphanumeric + "-._~!$&'()*+,;=:@/[]%");

    private static readonly SearchValues<char> QueryAndFragment = SearchValues.Create(Alphanumeric + "-._~!$&'()*+,;=:@/[]%?#");

    // Space, quotes, angle brackets and whatever is not printable ASCII have no place in a request line; WHATWG URL encodes them all.
    private static readonly SearchValues<char> RequestQuery =
        SearchValues.Create(Alphanumeric + "-._~!$&'()*+,;=:@/[]%?\\^`{|}");

    /// <summary>Legal in a path; escapes are checked where they are read.</summary>
    public static bool IsPath(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Path);

    /// <summary>Legal in what follows the path of an <c>htu</c>; its escapes must be whole.</summary>
    public static bool IsQueryAndFragment(ReadOnlySpan<char> text)
    {
        if (text.ContainsAnyExcept(QueryAndFragment))
            return false;
        // One "#" at most, RFC 3986 §3.5.
        int fragment = text.IndexOf('#');
        if (fragment >= 0 && text[(fragment + 1)..].Contains('#'))
            return false;
        for (int at = text.IndexOf('%'); at >= 0;)
        {
            if (!TryReadEscape(text[at..], out _))
                return false;
            int next = text[(at + 3)..].IndexOf('%');
            at = next < 0 ? -1 : at + 3 + next;
        }
        return true;
    }

    /// <summary>Tolerable in the query of a request line.</summary>
    public static bool IsRequestQuery(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(RequestQuery);

    /// <summary>Reads the <c>%XX</c> at the start of <paramref name="text"/>.</summary>
    public static bool TryReadEscape(ReadOnlySpan<char> text, out char octet)
    {
        octet = '\0';
        if (text.Length < 3 || !char.IsAsciiHexDigit(text[1]) || !char.IsAsciiHexDigit(text[2]))
            return false;
        octet = (char)((FromHex(text[1]) << 4) | FromHex(text[2]));
        return true;
    }

    /// <summary>RFC 3986 §2.3.</summary>
    public static bool IsUnreserved(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~';

    private static int FromHex(char c) => char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
}
