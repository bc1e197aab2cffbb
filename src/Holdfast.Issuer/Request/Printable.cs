namespace Holdfast.Issuer;

/// <summary>What a caller sent, made fit for a log line: bounded, and printable ASCII only.</summary>
internal static class Printable
{
    private const int MaxLength = 200;

    public static string Of(string text)
    {
        ReadOnlySpan<char> shown = text.AsSpan(0, Math.Min(text.Length, MaxLength));
        return shown.ContainsAnyExceptInRange(' ', '~') || shown.Length < text.Length
            ? string.Create(shown.Length + (shown.Length < text.Length ? 3 : 0), text, static (destination, text) =>
            {
                destination.Fill('.');
                for (int i = 0; i < Math.Min(text.Length, MaxLength); i++)
                    destination[i] = text[i] is >= ' ' and <= '~' ? text[i] : '?';
            })
            : text;
    }
}
