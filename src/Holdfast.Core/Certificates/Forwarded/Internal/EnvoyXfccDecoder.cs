using System.Security.Cryptography;

namespace Holdfast;

/// <summary>Envoy: an element a hop, the nearest Envoy's last (FWD-26 to FWD-31).</summary>
internal sealed class EnvoyXfccDecoder(string field, int hops) : FormatDecoder(field)
{
    public override PresentedCertificate Decode(FormatLines lines)
    {
        // Envoy appends to the one line that it has; a second one is not its own.
        if (!IsSingle(lines, 0, out string text, out PresentedCertificate refused))
            return refused;
        int at = 0;
        if (!XfccElement.TryRead(text, ref at, out XfccElement chosen))
            return Malformed();
        int count = 1;
        for (; at < text.Length && count <= hops; count++)
        {
            at++;
            if (!XfccElement.TryRead(text, ref at, out _))
                return Malformed();
        }
        // FWD-30: the last element is the nearest proxy's, and the client's is as many from the end as there are Envoys. The first of them removes
        // what its client sent (FWD-32), so there are no others. FWD-29: one more is a forgery, or the rest of an unquoted URI or name, which the
        // client chose with its certificate; which of the two comes last is then the client's choice too.
        return count == hops ? Read(chosen) : Unreadable($"{hops} elements, one for each Envoy before this server", count > hops ? "more" : $"{count}");
    }

    private PresentedCertificate Read(XfccElement element)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        // FWD-31: Hash is the hexadecimal SHA-256 of the certificate.
        if (!element.Hash.IsEmpty && (Convert.FromHexString(element.Hash, hash, out int read, out int written) != System.Buffers.OperationStatus.Done
            || read != element.Hash.Length || written != hash.Length))
        {
            return Unreadable("Hash in 64 hexadecimal digits", "something else");
        }
        if (element.Cert.IsEmpty && element.Chain.IsEmpty)
        {
            return element.Hash.IsEmpty
                ? Unreadable("Hash or Cert", "neither")
                : PresentedCertificate.Of(ClientCertificate.FromThumbprint(new(hash)).AsForwarded([], null));
        }
        // FWD-31: Cert is percent-encoded PEM, Chain the same with the leaf in front.
        List<byte[]>? cert = element.Cert.IsEmpty ? null : EscapedPem.Decode(element.Cert);
        List<byte[]>? chain = element.Chain.IsEmpty ? null : EscapedPem.Decode(element.Chain);
        if ((cert is null && !element.Cert.IsEmpty) || cert is { Count: not 1 } || (chain is null && !element.Chain.IsEmpty) || chain is { Count: 0 })
            return Unreadable("Cert and Chain as percent-encoded PEM", "something else");
        byte[] leaf = (cert ?? chain)![0];
        // FWD-31: all that is said of the certificate agrees.
        if (chain is not null && !chain[0].AsSpan().SequenceEqual(leaf))
            return Unreadable("Cert as the first of Chain", "another");
        if (!element.Hash.IsEmpty && CertificateThumbprint.Of(leaf) != new CertificateThumbprint(hash))
            return Unreadable("Hash of the certificate", "that of another");
        return Present(leaf, chain?[1..] ?? [], isChainVerified: null);
    }

    private PresentedCertificate Malformed() => Unreadable($"elements of key=value in {Fields[0]}, quoted where the value needs it", "something else");
}
