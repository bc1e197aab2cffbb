namespace Holdfast;

/// <summary>RFC 9440: <c>Client-Cert: :base64:</c>, and <c>Client-Cert-Chain</c> as a list of the same.</summary>
internal sealed class Rfc9440Decoder(string field) : FormatDecoder(field, ForwardedFields.ClientCertChain)
{
    public override PresentedCertificate Decode(FormatLines lines)
    {
        if (!IsSingle(lines, 0, out string text, out PresentedCertificate refused))
            return refused;
        // FWD-04, RFC 9440 §2.3: a chain without a leaf states nothing.
        if (lines[0].Count == 0)
            return Unreadable(Fields[0], $"{Fields[1]} alone");
        // FWD-01, RFC 9440 §2.1: one Byte Sequence and nothing else: no list, no parameters, no line break.
        return Present(StrictBase64.DecodeByteSequence(text), ReadChain(lines[1]), isChainVerified: null);
    }

    // FWD-03, FWD-05, RFC 9440 §2.3: a list of Byte Sequences in TLS order, over any number of lines, with or without the root.
    private static List<byte[]>? ReadChain(FieldLines lines)
    {
        List<byte[]> chain = [];
        for (int i = 0; i < lines.Count; i++)
        {
            ReadOnlySpan<char> line = lines[i];
            foreach (Range member in line.Split(','))
            {
                // RFC 8941 §3.1: optional white space around the comma.
                if (chain.Count == ForwardedCertificateDecoder.MaxChain || StrictBase64.DecodeByteSequence(line[member].Trim(" \t")) is not { } der)
                    return null;
                chain.Add(der);
            }
        }
        return chain;
    }
}
