using System.Text;
using System.Text.Unicode;

namespace Holdfast.Issuer;

/// <summary>
/// Reads <c>application/x-www-form-urlencoded</c> strictly: whole percent escapes, valid UTF-8, no control characters. What a lenient parser
/// would repair is refused, so that every part of a deployment reads the same request.
/// </summary>
internal static class FormParser
{
    /// <summary>More pairs than any token request has.</summary>
    public const int MaxPairs = 64;

    /// <summary>The pairs in order, or null where the body is malformed.</summary>
    public static List<KeyValuePair<string, string>>? TryParse(ReadOnlySpan<byte> body)
    {
        var pairs = new List<KeyValuePair<string, string>>(8);
        byte[] buffer = new byte[body.Length];
        foreach (Range range in body.Split((byte)'&'))
        {
            ReadOnlySpan<byte> pair = body[range];
            if (pair.IsEmpty)
                continue;
            int equals = pair.IndexOf((byte)'=');
            string? name = Decode(equals < 0 ? pair : pair[..equals], buffer);
            string? value = Decode(equals < 0 ? [] : pair[(equals + 1)..], buffer);
            if (string.IsNullOrEmpty(name) || value is null || pairs.Count == MaxPairs)
                return null;
            pairs.Add(new(name, value));
        }
        return pairs;
    }

    /// <summary>One decoded name or value, or null where it is malformed.</summary>
    public static string? Decode(ReadOnlySpan<byte> text, Span<byte> buffer)
    {
        int written = 0;
        for (int i = 0; i < text.Length; i++)
        {
            byte c = text[i];
            if (c == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit((char)text[i + 1]) || !char.IsAsciiHexDigit((char)text[i + 2]))
                    return null;
                c = (byte)((Nibble(text[i + 1]) << 4) | Nibble(text[i + 2]));
                i += 2;
            }
            else if (c == '+')
            {
                c = (byte)' ';
            }
            if (c is < 0x20 or 0x7F)
                return null;
            buffer[written++] = c;
        }
        ReadOnlySpan<byte> decoded = buffer[..written];
        return Utf8.IsValid(decoded) ? Encoding.UTF8.GetString(decoded) : null;
    }

    private static int Nibble(byte c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}
