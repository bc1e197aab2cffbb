using System.Formats.Asn1;
using System.Globalization;

namespace Holdfast;

/// <summary>HAProxy: bare base64, a number for the verification, and a flag for whether there was a certificate at all.</summary>
internal sealed class HAProxyDecoder(string field) : FormatDecoder(field, ForwardedFields.Verify, ForwardedFields.Used, ForwardedFields.Chain)
{
    public override PresentedCertificate Decode(FormatLines lines)
    {
        if (!IsSingle(lines, 0, out string text, out PresentedCertificate refused) || !IsSingle(lines, 1, out string verify, out refused)
            || !IsSingle(lines, 2, out string used, out refused) || !IsSingle(lines, 3, out string chain, out refused))
        {
            return refused;
        }
        // FWD-34: the flag is what tells a client's own copy of the field: a proxy that forgets to delete it still says that it saw no certificate.
        // ssl_c_used, not ssl_fc_has_crt, which is 0 on resumed sessions.
        if (text.Length == 0)
            return used is "" or "0" && chain.Length == 0 ? PresentedCertificate.None : Unreadable(Fields[0], $"{Fields[2]}: {used}");
        if (used is not "1")
            return Unreadable($"{Fields[2]}: 1 beside a certificate (ssl_c_used)", used);
        // FWD-34: 0 means verified; without a certificate it is 0 too, so it says nothing there.
        if (!int.TryParse(verify, NumberStyles.None, CultureInfo.InvariantCulture, out int code))
            return Unreadable($"a number in {Fields[1]} (ssl_c_verify)", verify);
        byte[]? leaf = StrictBase64.Decode(text);
        return Present(leaf, chain.Length == 0 ? [] : ReadChain(chain, leaf), code == 0);
    }

    // FWD-33: ssl_c_chain_der is one blob of concatenated certificates; the leaf may lead it.
    private static List<byte[]>? ReadChain(string text, byte[]? leaf)
    {
        if (StrictBase64.Decode(text) is not { } blob)
            return null;
        List<byte[]> chain = [];
        for (int at = 0, length; at < blob.Length; at += length)
        {
            if (chain.Count > ForwardedCertificateDecoder.MaxChain
                || !AsnDecoder.TryReadEncodedValue(blob.AsSpan(at), AsnEncodingRules.DER, out _, out _, out _, out length))
            {
                return null;
            }
            chain.Add(blob[at..(at + length)]);
        }
        if (leaf is not null && chain[0].AsSpan().SequenceEqual(leaf))
            chain.RemoveAt(0);
        return chain;
    }
}
