using System.Buffers;

namespace Holdfast;

/// <summary>
/// Base64 (RFC 4648 §4) with one spelling a value: padded, no white space, no other alphabet, and the unused bits of the last letter are
/// zero. The base class library's decoder is laxer.
/// </summary>
internal static class StrictBase64
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private static readonly SearchValues<char> Alphabet = SearchValues.Create(Letters);

    /// <summary>Decodes into an array of just the right length; null where the text is empty or anything else.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length % 4 != 0)
            return null;
        int padding = text[^1] != '=' ? 0 : text[^2] != '=' ? 1 : 2;
        ReadOnlySpan<char> letters = text[..^padding];
        if (letters.ContainsAnyExcept(Alphabet))
            return null;
        // One letter before == has four unused bits, the last of three before = has two.
        if (padding != 0 && (Letters.IndexOf(letters[^1], StringComparison.Ordinal) & (padding == 2 ? 0b1111 : 0b11)) != 0)
            return null;
        byte[] octets = new byte[(text.Length / 4 * 3) - padding];
        return Convert.TryFromBase64Chars(text, octets, out _) ? octets : null;
    }

    /// <summary>Decodes a Byte Sequence (RFC 8941 §3.3.5): a colon, base64, a colon.</summary>
    public static byte[]? DecodeByteSequence(ReadOnlySpan<char> text) => text is [':', .. var inner, ':'] ? Decode(inner) : null;
}
