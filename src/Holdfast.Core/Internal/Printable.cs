using System.Text;

namespace Holdfast.Internal;

/// <summary>Foreign text made fit for a log line: bounded, one line, printable ASCII.</summary>
internal static class Printable
{
    private const int MaxLength = 256;

    public static string From(ReadOnlySpan<byte> utf8) => From(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, MaxLength + 1)]));

    public static string From(ReadOnlySpan<char> text)
    {
        Span<char> clean = stackalloc char[MaxLength];
        int length = Math.Min(text.Length, MaxLength);
        for (int i = 0; i < length; i++)
            clean[i] = text[i] is >= ' ' and <= '~' ? text[i] : '?';
        return text.Length > MaxLength ? string.Concat(clean[..length], "…") : clean[..length].ToString();
    }
}
