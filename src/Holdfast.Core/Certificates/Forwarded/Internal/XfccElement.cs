namespace Holdfast;

/// <summary>One element of <c>X-Forwarded-Client-Cert</c>, as far as it tells of a certificate.</summary>
internal readonly ref struct XfccElement
{
    /// <summary>The values as written, without quotes; empty where the key is absent.</summary>
    public ReadOnlySpan<char> Hash { get; private init; }

    /// <inheritdoc cref="Hash"/>
    public ReadOnlySpan<char> Cert { get; private init; }

    /// <inheritdoc cref="Hash"/>
    public ReadOnlySpan<char> Chain { get; private init; }

    /// <summary>Reads the element that begins at <paramref name="at"/>, up to the comma behind it or the end; false where it is not well-formed.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, scoped ref int at, out XfccElement element)
    {
        element = default;
        ReadOnlySpan<char> hash = default, cert = default, chain = default;
        Keys seen = Keys.None;
        while (true)
        {
            // FWD-26: key=value between semicolons; keys without case. Envoy writes no key but these, so another one is the rest of a value
            // that should have been quoted (FWD-29).
            int length = text[at..].IndexOf('=');
            if (length < 0 || KeyOf(text.Slice(at, length)) is not { } key)
                return false;
            at += length + 1;
            if (!TryReadValue(text, ref at, out ReadOnlySpan<char> value))
                return false;
            // FWD-28: a second Cert, Chain, Hash or Subject is forged, by a name in a certificate or by a client; By, URI and DNS may repeat.
            if ((seen & key) != Keys.None && key != Keys.Other)
                return false;
            seen |= key;
            // A key that tells of the certificate tells something.
            if (value.IsEmpty && key is Keys.Hash or Keys.Cert or Keys.Chain)
                return false;
            switch (key)
            {
                case Keys.Hash:
                    hash = value;
                    break;
                case Keys.Cert:
                    cert = value;
                    break;
                case Keys.Chain:
                    chain = value;
                    break;
            }
            if (at == text.Length || text[at] == ',')
                break;
            at++;
        }
        element = new() { Hash = hash, Cert = cert, Chain = chain };
        return true;
    }

    // Up to a semicolon, a comma or the end.
    private static bool TryReadValue(ReadOnlySpan<char> text, scoped ref int at, out ReadOnlySpan<char> value)
    {
        int start = at;
        if (at < text.Length && text[at] == '"')
        {
            // FWD-27: inside quotes everything but a quote is itself; a backslash takes the next character along, as it does in the DNs that Envoy quotes.
            at++;
            while (at < text.Length && text[at] is not '"' and >= ' ' and <= '~')
                at += text[at] == '\\' ? 2 : 1;
            value = at < text.Length ? text[(start + 1)..at] : default;
            // FWD-27: the closing quote is there, and it is the end of the value.
            return at < text.Length && text[at] == '"' && (++at == text.Length || text[at] is ';' or ',');
        }
        // FWD-27, FWD-29: what is not quoted has none of the characters that need quotes; a stray quote is refused.
        int length = text[at..].IndexOfAny(';', ',');
        at = length < 0 ? text.Length : at + length;
        value = text[start..at];
        return !value.ContainsAny('=', '"') && !value.ContainsAnyExceptInRange('!', '~');
    }

    private static Keys? KeyOf(ReadOnlySpan<char> name)
    {
        if (name.Equals("Hash", StringComparison.OrdinalIgnoreCase))
            return Keys.Hash;
        if (name.Equals("Cert", StringComparison.OrdinalIgnoreCase))
            return Keys.Cert;
        if (name.Equals("Chain", StringComparison.OrdinalIgnoreCase))
            return Keys.Chain;
        if (name.Equals("Subject", StringComparison.OrdinalIgnoreCase))
            return Keys.Subject;
        return name.Equals("By", StringComparison.OrdinalIgnoreCase) || name.Equals("URI", StringComparison.OrdinalIgnoreCase)
            || name.Equals("DNS", StringComparison.OrdinalIgnoreCase) ? Keys.Other : null;
    }

    [Flags]
    private enum Keys
    {
        None = 0,
        Hash = 1,
        Cert = 2,
        Chain = 4,
        Subject = 8,
        Other = 16,
    }
}
