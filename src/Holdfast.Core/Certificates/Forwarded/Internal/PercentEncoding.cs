namespace Holdfast;

/// <summary>Percent-encoding as proxies use it to get PEM into a field.</summary>
internal static class PercentEncoding
{
    /// <summary>
    /// Decodes each escape once; <c>+</c> is itself (FWD-22). False where an escape is broken, or a character stands raw that every one of these
    /// proxies escapes, blanks above all (FWD-23). <paramref name="plain"/> is as long as the text at least.
    /// </summary>
    public static bool TryDecodeOnce(ReadOnlySpan<char> text, Span<char> plain, out int length)
    {
        length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                    return false;
                c = (char)((Digit(text[i + 1]) << 4) | Digit(text[i + 2]));
                i += 2;
            }
            else if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_' or '~' or '+' or '/' or '='))
            {
                return false;
            }
            plain[length++] = c;
        }
        return true;
    }

    private static int Digit(char hex) => char.IsAsciiDigit(hex) ? hex - '0' : (hex | 0x20) - 'a' + 10;
}
