namespace Holdfast.AspNetCore;

/// <summary>Text that strangers sent, made fit for a log line: bounded, and without control characters.</summary>
internal static class Printable
{
    public static string? Bound(string? text, int length)
    {
        if (text is null || (text.Length <= length && !text.AsSpan().ContainsAnyExceptInRange(' ', '~')))
            return text;
        string cut = text.Length <= length ? text : string.Concat(text.AsSpan(0, length), "...");
        return string.Create(cut.Length, cut, static (destination, source) =>
        {
            for (int i = 0; i < source.Length; i++)
                destination[i] = source[i] is >= ' ' and <= '~' ? source[i] : '?';
        });
    }
}
