using System.Buffers;

namespace Holdfast;

/// <summary>
/// PEM as OpenSSL writes certificates (RFC 7468 §5.1): the markers, lines of base64 between them, and nothing else. Stricter than
/// readers of files are: no explanatory text, no other label, no empty line, one kind of line end.
/// </summary>
internal static class Pem
{
    private const string Begin = "-----BEGIN CERTIFICATE-----";
    private const string End = "-----END CERTIFICATE-----";

    /// <summary>One certificate or several, each as its octets; null where it is anything else.</summary>
    public static List<byte[]>? Decode(ReadOnlySpan<char> text, char lineEnd)
    {
        List<byte[]> read = [];
        while (!text.IsEmpty)
        {
            if (read.Count > ForwardedCertificateDecoder.MaxChain || !text.StartsWith(Begin))
                return null;
            text = text[Begin.Length..];
            int end = text.IndexOf(End);
            if (end < 0 || DecodeBody(text[..end], lineEnd) is not { } der)
                return null;
            read.Add(der);
            text = text[(end + End.Length)..];
            // The last line end is lost where a server trims its fields.
            if (!text.IsEmpty && text[0] != lineEnd)
                return null;
            text = text.IsEmpty ? text : text[1..];
        }
        return read;
    }

    private static byte[]? DecodeBody(ReadOnlySpan<char> body, char lineEnd)
    {
        if (body.Length < 2 || body[0] != lineEnd || body[^1] != lineEnd)
            return null;
        char[] joined = ArrayPool<char>.Shared.Rent(body.Length);
        try
        {
            int length = 0;
            foreach (Range line in body[1..^1].Split(lineEnd))
            {
                ReadOnlySpan<char> letters = body[1..^1][line];
                if (letters.IsEmpty)
                    return null;
                letters.CopyTo(joined.AsSpan(length));
                length += letters.Length;
            }
            return StrictBase64.Decode(joined.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(joined);
        }
    }
}
