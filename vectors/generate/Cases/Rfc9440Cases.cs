namespace Holdfast.Vectors.Cases;

/// <summary>Client-Cert and Client-Cert-Chain.</summary>
internal sealed class Rfc9440Cases : ForwardedCases
{
    private const string Cert = "Client-Cert", Chain = "Client-Cert-Chain";

    public Rfc9440Cases() : base("rfc9440", "FWD-01, FWD-02, FWD-03, FWD-04, FWD-05, FWD-41, RFC 9440 §2")
    {
        TestCertificate issued = Certificates.Issued, intermediate = Certificates.Intermediate, root = Certificates.Root;
        string client = Client.Base64;
        Read("certificate", "One Byte Sequence.", [Cert, Client.Sequence]);
        Read("field-in-lower-case", "Field names are case-insensitive.", ["client-cert", Client.Sequence]);
        Read("chain", "The chain in one line.", issued, [Cert, issued.Sequence], [Chain, $"{intermediate.Sequence}, {root.Sequence}"]);
        Read("chain-over-two-lines", "The chain in two lines.", issued, [Chain, intermediate.Sequence], [Cert, issued.Sequence], [Chain, root.Sequence]);
        Read("chain-without-root", "The root may be left out (FWD-05).", issued, [Cert, issued.Sequence], [Chain, intermediate.Sequence]);
        Read("chain-without-spaces", "White space around the comma is optional.", issued, [Cert, issued.Sequence], [Chain, $"{intermediate.Sequence},{root.Sequence}"]);
        None("absent", "No field: the client had no certificate.");
        NoneForUnbound("absent-with-unbound-token", "No field, and an unbound token.");
        Another("certificate-of-the-thief", "The thief's certificate.", [Cert, Thief.Sequence]);
        Another("client-in-the-chain", "The client's certificate stands in the chain of the thief's: only the leaf was proven.", [Cert, Thief.Sequence], [Chain, Client.Sequence]);
        Unreadable("line-twice", "The same line twice.", [Cert, Client.Sequence], [Cert, Client.Sequence]);
        Unreadable("forged-line-first", "A client's own line in front of the proxy's.", [Cert, Client.Sequence], [Cert, Thief.Sequence]);
        Unreadable("forged-line-last", "A client's own line behind the proxy's.", [Cert, Thief.Sequence], [Cert, Client.Sequence]);
        Unreadable("forged-line-in-other-case", "A client's own line under the same name in another case.", [Cert, Thief.Sequence], ["CLIENT-CERT", Client.Sequence]);
        Unreadable("list", "Two certificates joined by a comma.", [Cert, $"{Client.Sequence}, {Thief.Sequence}"]);
        Unreadable("without-colons", "Bare base64.", [Cert, client]);
        Unreadable("without-closing-colon", "One colon.", [Cert, ":" + client]);
        Unreadable("parameter", "A parameter behind the sequence.", [Cert, Client.Sequence + ";a=1"]);
        Unreadable("string", "A String instead of a Byte Sequence.", [Cert, $"\"{client}\""]);
        Unreadable("space-inside", "A space between the letters.", [Cert, $":{client[..64]} {client[64..]}:"]);
        Unreadable("tab-inside", "A tab where a line end was.", [Cert, $":{client[..64]}\t{client[64..]}:"]);
        Unreadable("other-alphabet", "base64url.", [Cert, $":{client.Replace('+', '-').Replace('/', '_')}:"]);
        Unreadable("padding-missing", "No padding.", [Cert, $":{client.TrimEnd('=')}:"]);
        Unreadable("padding-doubled", "Too much padding.", [Cert, $":{client}=:"]);
        Unreadable("loose-bits", "The unused bits of the last letter are not zero: one certificate has one spelling.", [Cert, $":{WithLooseBits(client)}:"]);
        Unreadable("empty", "An empty field states nothing.", [Cert, ""]);
        Unreadable("empty-sequence", "An empty sequence is no certificate.", [Cert, "::"]);
        Unreadable("pem", "PEM.", [Cert, Client.Spaced]);
        Unreadable("pem-inside", "PEM between the colons.", [Cert, $":{Client.Spaced}:"]);
        Unreadable("trailing-octet", "An octet behind the certificate.", [Cert, $":{Base64(Client.Der, [0])}:"]);
        Unreadable("two-certificates", "Two certificates in one sequence.", [Cert, $":{Base64(Client.Der, Thief.Der)}:"]);
        Unreadable("cut", "The last octet is missing.", [Cert, $":{Base64(Client.Der[..^1])}:"]);
        Unreadable("not-a-certificate", "DER, and no certificate.", [Cert, $":{Base64([0x30, 0x03, 0x02, 0x01, 0x07])}:"]);
        Unreadable("chain-alone", "A chain without a leaf (FWD-04).", [Chain, intermediate.Sequence]);
        Unreadable("chain-with-garbage", "A member of the chain is no certificate.", [Cert, Client.Sequence], [Chain, $"{intermediate.Sequence}, :AAAA:"]);
        Unreadable("chain-as-inner-list", "An inner list.", [Cert, Client.Sequence], [Chain, $"({intermediate.Sequence} {root.Sequence})"]);
        Unreadable("chain-with-empty-member", "A comma too many.", [Cert, Client.Sequence], [Chain, $"{intermediate.Sequence}, "]);
        Unreadable("chain-too-long", "Eleven certificates beside the leaf.", [Cert, Client.Sequence], [Chain, string.Join(", ", Enumerable.Repeat(intermediate.Sequence, 11))]);
    }
}
