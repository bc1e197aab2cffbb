using System.Buffers;
using System.Buffers.Text;

namespace Holdfast;

/// <summary>
/// base64url (RFC 4648 §5) as JOSE means it (RFC 7515 §2): no padding, no whitespace, no other alphabet, and the unused bits of the
/// last character are zero, so that every value has exactly one spelling. The base class library's decoder is laxer.
/// </summary>
public static class StrictBase64Url
{
    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>The number of bytes that <paramref name="length"/> characters decode to.</summary>
    public static int DecodedLength(int length) => (int)((long)length * 3 / 4);

    /// <summary>Decodes, or says no. Nothing is written on a refusal that the caller may use.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination, out int written)
    {
        written = 0;
        int tail = text.Length & 3;
        if (tail == 1 || text.ContainsAnyExcept(Alphabet) || destination.Length < DecodedLength(text.Length))
            return false;
        if (tail != 0 && (Value(text[^1]) & (tail == 2 ? 0b1111 : 0b11)) != 0)
            return false;
        return Base64Url.TryDecodeFromChars(text, destination, out written);
    }

    /// <summary>Decodes into an array of just the right length, or answers null.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        byte[] bytes = new byte[DecodedLength(text.Length)];
        return TryDecode(text, bytes, out _) ? bytes : null;
    }

    private static int Value(char c) => c switch
    {
        >= 'A' and <= 'Z' => c - 'A',
        >= 'a' and <= 'z' => c - 'a' + 26,
        >= '0' and <= '9' => c - '0' + 52,
        '-' => 62,
        _ => 63,
    };
}
