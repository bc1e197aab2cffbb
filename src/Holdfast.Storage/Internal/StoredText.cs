using System.Runtime.InteropServices;
using System.Text;

namespace Holdfast.Storage;

/// <summary>
/// Text as it is stored. PostgreSQL takes no NUL, and neither engine keeps half a surrogate pair: what has either is stored as the octets of its characters, behind a
/// sign that no other stored text begins with. So every string comes back as it was, and two that differ stay two.
/// </summary>
internal static class StoredText
{
    private const char Sign = '\u0001';

    public static string Of(string text) => IsPlain(text) ? text : Sign + Convert.ToBase64String(MemoryMarshal.AsBytes(text.AsSpan()));

    public static string? OfOptional(string? text) => text is null ? null : Of(text);

    public static string From(string stored) =>
        stored is [Sign, .. string packed] ? new(MemoryMarshal.Cast<byte, char>(Convert.FromBase64String(packed))) : stored;

    public static string? FromOptional(string? stored) => stored is null ? null : From(stored);

    private static bool IsPlain(string text)
    {
        if (text.Length == 0)
            return true;
        if (text[0] == Sign || text.Contains('\0', StringComparison.Ordinal))
            return false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            // What a half pair is read as; the character itself is packed too, which harms nobody.
            if (rune == Rune.ReplacementChar)
                return false;
        }
        return true;
    }
}
