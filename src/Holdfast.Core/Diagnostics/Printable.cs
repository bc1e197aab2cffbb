using System.Text;

namespace Holdfast;

/// <summary>What strangers sent, made fit for a log line or a signal: bounded, one line, printable ASCII.</summary>
public static class Printable
{
    /// <summary>Characters kept; what is longer is cut and says so with three dots.</summary>
    public const int MaxLength = 256;

    /// <summary>Text, or null where there is none. Returns the same string where nothing has to change.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    public static string? From(string? text) =>
        text is null || (text.Length <= MaxLength && !text.AsSpan().ContainsAnyExceptInRange(' ', '~')) ? text : From(text.AsSpan());

    /// <summary>UTF-8 text.</summary>
    public static string From(ReadOnlySpan<byte> utf8) => From(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, MaxLength + 1)]).AsSpan());

    /// <summary>Text.</summary>
    public static string From(ReadOnlySpan<char> text)
    {
        Span<char> clean = stackalloc char[MaxLength];
        int length = Math.Min(text.Length, MaxLength);
        for (int i = 0; i < length; i++)
            clean[i] = text[i] is >= ' ' and <= '~' ? text[i] : '?';
        return text.Length > MaxLength ? string.Concat(clean[..length], "...") : clean[..length].ToString();
    }
}
