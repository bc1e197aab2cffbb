namespace Holdfast;

/// <summary>Traefik: the base64 of PEM without its markers and line ends, the leaf first. Its <c>-Info</c> field is never read (FWD-38).</summary>
internal sealed class TraefikDecoder(string field) : FormatDecoder(field)
{
    public override PresentedCertificate Decode(FormatLines lines)
    {
        if (!IsSingle(lines, 0, out string text, out PresentedCertificate refused))
            return refused;
        if (text.Length == 0)
            return PresentedCertificate.None;
        return Read(text) is [var leaf, .. var chain] ? Present(leaf, chain, isChainVerified: null) : Present(null, [], null);
    }

    // FWD-36: separated by commas; older lines of 2.x escape each as in a query, where + would be a space and never occurs.
    private static List<byte[]>? Read(ReadOnlySpan<char> text)
    {
        bool isEscaped = text.Contains('%');
        if (isEscaped && text.Contains('+'))
            return null;
        List<byte[]> read = [];
        Span<char> plain = isEscaped ? new char[text.Length] : [];
        foreach (Range part in text.Split(','))
        {
            ReadOnlySpan<char> one = text[part];
            if (isEscaped)
            {
                if (!PercentEncoding.TryDecodeOnce(one, plain, out int length))
                    return null;
                one = plain[..length];
            }
            if (read.Count > ForwardedCertificateDecoder.MaxChain || StrictBase64.Decode(one) is not { } der)
                return null;
            read.Add(der);
        }
        return read;
    }
}
