using System.Buffers;

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
        foreach (Range part in text.Split(','))
        {
            if (read.Count > ForwardedCertificateDecoder.MaxChain || (isEscaped ? DecodeEscaped(text[part]) : StrictBase64.Decode(text[part])) is not { } der)
                return null;
            read.Add(der);
        }
        return read;
    }

    private static byte[]? DecodeEscaped(ReadOnlySpan<char> text)
    {
        char[] plain = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            return PercentEncoding.TryDecodeOnce(text, plain, out int length) ? StrictBase64.Decode(plain.AsSpan(0, length)) : null;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(plain);
        }
    }
}
