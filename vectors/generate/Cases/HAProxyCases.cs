namespace Holdfast.Vectors.Cases;

/// <summary>ssl_c_der,base64 in X-SSL-Client-Cert and what is said beside it.</summary>
internal sealed class HAProxyCases : ForwardedCases
{
    private const string Cert = "X-SSL-Client-Cert", Verify = "X-SSL-Client-Verify", Used = "X-SSL-Client-Used", Chain = "X-SSL-Client-Chain";

    public HAProxyCases() : base("haproxy", "FWD-33, FWD-34, FWD-41")
    {
        TestCertificate issued = Certificates.Issued, intermediate = Certificates.Intermediate, root = Certificates.Root;
        string client = Client.Base64;
        Read("verified", "Verified.", [Cert, client], [Verify, "0"], [Used, "1"]);
        Read("self-signed", "Error 18: self-signed; the handshake proved its key.", [Cert, client], [Verify, "18"], [Used, "1"]);
        Read("chain-empty", "What HAProxy 2.6 sends for a client without more certificates.", [Cert, client], [Verify, "0"], [Used, "1"], [Chain, ""]);
        Read("chain", "The other certificates as one blob.", issued, [Cert, issued.Base64], [Verify, "0"], [Used, "1"], [Chain, Base64(intermediate.Der, root.Der)]);
        Read("chain-with-the-leaf", "The blob begins with the leaf.", issued, [Cert, issued.Base64], [Verify, "0"], [Used, "1"], [Chain, Base64(issued.Der, intermediate.Der)]);
        None("none", "What HAProxy 2.6 sends for a client without a certificate: verified means nothing there.", [Cert, ""], [Verify, "0"], [Used, "0"], [Chain, ""]);
        NoneForUnbound("none-with-unbound-token", "No certificate, and an unbound token.", [Cert, ""], [Verify, "0"], [Used, "0"], [Chain, ""]);
        Another("certificate-of-the-thief", "The thief's certificate.", [Cert, Thief.Base64], [Verify, "0"], [Used, "1"]);
        Unreadable("not-used", "A certificate that HAProxy did not see: the client's own field got through.", [Cert, client], [Verify, "0"], [Used, "0"]);
        Unreadable("used-without-certificate", "A certificate was used, and it is not there.", [Cert, ""], [Verify, "0"], [Used, "1"]);
        Unreadable("used-missing", "ssl_c_used is not handed on.", [Cert, client], [Verify, "0"]);
        Unreadable("verify-missing", "ssl_c_verify is not handed on.", [Cert, client], [Used, "1"]);
        Unreadable("verify-is-a-word", "The word of another proxy.", [Cert, client], [Verify, "SUCCESS"], [Used, "1"]);
        Unreadable("verify-negative", "A sign before the number.", [Cert, client], [Verify, "-1"], [Used, "1"]);
        Unreadable("used-is-a-word", "true.", [Cert, client], [Verify, "0"], [Used, "true"]);
        Unreadable("used-twice", "HAProxy's flag and a client's.", [Cert, client], [Verify, "0"], [Used, "0"], [Used, "1"]);
        Unreadable("line-twice", "HAProxy's line and a client's.", [Cert, Thief.Base64], [Cert, client], [Verify, "0"], [Used, "1"]);
        Unreadable("byte-sequence", "The form of RFC 9440.", [Cert, Client.Sequence], [Verify, "0"], [Used, "1"]);
        Unreadable("padding-missing", "No padding.", [Cert, client.TrimEnd('=')], [Verify, "0"], [Used, "1"]);
        Unreadable("loose-bits", "The unused bits of the last letter are not zero.", [Cert, WithLooseBits(client)], [Verify, "0"], [Used, "1"]);
        Unreadable("trailing-octet", "An octet behind the certificate.", [Cert, Base64(Client.Der, [0])], [Verify, "0"], [Used, "1"]);
        Unreadable("chain-in-place-of-the-leaf", "The blob of the chain where the leaf belongs.", [Cert, Base64(issued.Der, intermediate.Der)], [Verify, "0"], [Used, "1"]);
        Unreadable("chain-with-trailing-octet", "An octet behind the chain.", [Cert, issued.Base64], [Verify, "0"], [Used, "1"], [Chain, Base64(intermediate.Der, [0])]);
        Unreadable("chain-as-byte-sequence", "The chain in the form of RFC 9440.", [Cert, issued.Base64], [Verify, "0"], [Used, "1"], [Chain, intermediate.Sequence]);
        Unreadable("chain-alone", "A chain without a leaf.", [Cert, ""], [Verify, "0"], [Used, "0"], [Chain, intermediate.Base64]);
    }
}
