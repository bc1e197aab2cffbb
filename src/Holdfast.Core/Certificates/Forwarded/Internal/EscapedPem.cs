using System.Buffers;

namespace Holdfast;

/// <summary>PEM in percent-encoding, with line feeds.</summary>
internal static class EscapedPem
{
    /// <summary>One certificate or several, each as its octets; null where it is anything else.</summary>
    public static List<byte[]>? Decode(ReadOnlySpan<char> text)
    {
        char[] plain = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            return PercentEncoding.TryDecodeOnce(text, plain, out int length) ? Pem.Decode(plain.AsSpan(0, length), lineEnd: '\n') : null;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(plain);
        }
    }
}
