using System.Text.Json.Nodes;

namespace Holdfast.Vectors.Cases;

/// <summary>Tokens bound to the certificate of the connection (RFC 8705 §3), alone and beside a key.</summary>
internal sealed class MutualTlsCases : CaseTable
{
    public MutualTlsCases() : base("mtls")
    {
        Good("mtls-certificate", "MTLS-23, MTLS-26, RFC 8705 §3", "The certificate that the token is bound to, self-signed.", s => Bound(s));
        Good("mtls-certificate-in-observe-mode", "MTLS-23", "In observe mode a bound token is enforced as ever, and this one is good.", s => { Bound(s); Observe(s); });
        Good("mtls-certificate-with-rsa-key", "MTLS-23", "The kind of key does not matter.", s => Bound(s, Certificates.Rsa));
        Good("mtls-certificate-of-an-authority", "MTLS-26, RFC 8705 §6.2", "A certificate of an authority that the resource does not know: its chain is not looked at.", s => Bound(s, Certificates.Issued));
        Good("mtls-certificate-and-head", "MTLS-23", "A HEAD request.", s => { Bound(s); s.Method = "HEAD"; });
        Good("mtls-scheme-in-lower-case", "MTLS-23, RFC 9110 §11.1", "bearer.", s => { Bound(s); s.Scheme = "bearer"; });
        Good("mtls-again", "MTLS-23", "The same request twice: a certificate is proven by the connection, and nothing is spent.", s => { Bound(s); s.FirstTime = "accepted"; });
        Good("mtls-dpop-field-beside", "MTLS-23, DPOP-RS-23", "The token is bound to a certificate alone; a DPoP field beside it means nothing.",
            s => { Bound(s); s.Fields = f => [f[0], ["DPoP", "not looked at"]]; });
        Good("mtls-certificate-in-its-last-second", "MTLS-44, RFC 8705 §7.5", "notAfter is now.", s => Bound(s, Certificates.Ending));
        Good("mtls-certificate-expired-within-the-leeway", "MTLS-44", "notAfter was 10 s ago.", s => { Bound(s, Certificates.Ending); s.Now += 10; });
        Good("mtls-certificate-in-its-first-second", "MTLS-44", "notBefore is now.", s => { Bound(s, Certificates.Beginning); s.Now += 60; });
        Good("mtls-certificate-begins-within-the-leeway", "MTLS-44", "notBefore is in 10 s.", s => { Bound(s, Certificates.Beginning); s.Now += 50; });
        Good("mtls-certificate-beside-a-key-bound-token", "MTLS-27, DPOP-RS-02", "The token is bound to a key alone; which certificate the connection has does not matter.", s => s.Certificate = Certificates.Thief);
        Good("mtls-certificate-beside-an-unbound-token-in-observe-mode", "MTLS-27, DPOP-RS-24", "A certificate does not bind a token; observe mode takes an unbound one.", s => { s.Unbound(); s.Certificate = Certificates.Client; });
        Good("mtls-and-key", "DPOP-RS-23, MTLS-23", "Bound to a certificate and a key, and both are proven.", s => Both(s));
        Good("mtls-and-key-in-another-order", "DPOP-RS-23", "The members of cnf in another order.", s =>
        {
            Both(s);
            s.Token.Claim("cnf", new JsonObject { ["x5t#S256"] = Certificates.Client.Thumbprint, ["jkt"] = Keys.Client.Thumbprint() });
        });
        Good("mtls-and-key-after-a-try-without-the-certificate", "DPOP-RS-23, DPOP-V-36", "The proof was seen before on a connection without the certificate; that spent nothing.", s =>
        {
            Both(s);
            s.Precede("certificate_missing", before => before.BindToBoth(Certificates.Client));
        });

        BadToken("mtls-certificate-missing", "MTLS-24, MTLS-25, RFC 8705 §3", "The stolen token on a connection without a certificate.", "certificate_missing", s => s.BindTo(Certificates.Client));
        BadToken("mtls-certificate-missing-in-observe-mode", "MTLS-25", "Observe mode never loosens a bound token.", "certificate_missing", s => { s.BindTo(Certificates.Client); Observe(s); });
        BadToken("mtls-certificate-of-the-thief", "MTLS-24, RFC 8705 §3", "The stolen token on a connection with the thief's certificate, whose subject is the client's.", "certificate_mismatch", s => { Bound(s); s.Certificate = Certificates.Thief; });
        BadToken("mtls-certificate-of-the-thief-in-observe-mode", "MTLS-24, MTLS-25", "Observe mode never loosens a bound token.", "certificate_mismatch", s => { Bound(s); s.Certificate = Certificates.Thief; Observe(s); });
        BadToken("mtls-certificate-renewed", "MTLS-40, RFC 8705 §6.3", "The client's new certificate, with the same key: the token is bound to the old one.", "certificate_mismatch", s => { Bound(s); s.Certificate = Certificates.Renewed; });
        BadToken("mtls-certificate-of-the-issuer", "MTLS-24", "The certificate that issued the client's.", "certificate_mismatch", s => { Bound(s, Certificates.Issued); s.Certificate = Certificates.Intermediate; });
        BadToken("mtls-certificate-expired", "MTLS-44, RFC 8705 §7.5", "notAfter was 11 s ago.", "certificate_expired", s => { Bound(s, Certificates.Ending); s.Now += 11; });
        BadToken("mtls-certificate-expired-long-ago", "MTLS-44, RFC 8705 §7.5", "TLS stacks that take self-signed certificates take expired ones too.", "certificate_expired", s => Bound(s, Certificates.Expired));
        BadToken("mtls-certificate-not-yet-valid", "MTLS-44, RFC 8705 §7.5", "notBefore is in 11 s.", "certificate_not_yet_valid", s => { Bound(s, Certificates.Beginning); s.Now += 49; });
        BadToken("mtls-dpop-scheme", "DPOP-RS-04, RFC 9449 §7.1", "The DPoP scheme for a token that no proof could be held against.", "unbound_token_with_dpop", s => { WithProof(s); s.Certificate = Certificates.Client; });
        BadToken("mtls-dpop-scheme-in-observe-mode", "DPOP-RS-04", "In observe mode too.", "unbound_token_with_dpop", s => { WithProof(s); s.Certificate = Certificates.Client; Observe(s); });
        BadToken("mtls-unbound-token", "MTLS-27, DPOP-RS-24", "A certificate does not bind a token where a binding is required.", "unbound_token", s => { s.Unbound(); s.Policy.Remove("mode"); s.Certificate = Certificates.Client; });
        BadToken("mtls-key-bound-token-as-bearer", "DPOP-RS-03, RFC 9449 §7.2", "A certificate does not stand in for the proof.", "bound_token_as_bearer", s => { s.Bearer(); s.Certificate = Certificates.Client; });
        BadToken("mtls-and-key-as-bearer", "DPOP-RS-03, DPOP-RS-23", "Bound to both: the certificate alone does not do.", "bound_token_as_bearer", s => { Both(s); s.Bearer(); });
        BadToken("mtls-and-key-without-certificate", "MTLS-24, DPOP-RS-23", "Bound to both: the proof alone does not do.", "certificate_missing", s => s.BindToBoth(Certificates.Client));
        BadToken("mtls-and-key-certificate-of-the-thief", "MTLS-24, DPOP-RS-23", "Bound to both: a good proof on a connection of the thief's.", "certificate_mismatch", s => { Both(s); s.Certificate = Certificates.Thief; });
        BadToken("mtls-and-key-certificate-expired", "MTLS-44, DPOP-RS-23", "Bound to both, and the certificate has expired.", "certificate_expired", s => Both(s, Certificates.Expired));
        BadToken("mtls-and-key-of-the-thief", "DPOP-V-13, DPOP-RS-23", "Bound to both: the right certificate and a proof by the thief's key.", "key_mismatch", s => { Both(s); s.Proof.Key = Keys.Thief; });
        BadProof("mtls-and-key-without-proof", "DPOP-RS-23, DPOP-RS-02", "Bound to both: the certificate alone does not do under the DPoP scheme either.", "proof_missing", s => { Both(s); s.Fields = f => [f[0]]; });
        BadProof("mtls-and-key-replayed", "DPOP-RS-23, DPOP-V-36", "Bound to both: the proof is spent as ever.", "proof_replayed", s => { Both(s); s.FirstTime = "accepted"; });
        BadToken("mtls-field-without-a-proxy", "FWD-09, FWD-20, RFC 9440 §4", "No proxy is declared: a Client-Cert field is a client's own.", "certificate_missing", s => { s.BindTo(Certificates.Client); s.Add(["Client-Cert", Certificates.Client.Sequence]); });
        BadToken("mtls-field-beside-the-certificate-of-the-thief", "FWD-09, FWD-20, RFC 9440 §4", "No proxy is declared: the connection counts, whatever the thief writes.", "certificate_mismatch",
            s => { Bound(s); s.Certificate = Certificates.Thief; s.Add(["Client-Cert", Certificates.Client.Sequence]); });
        Good("mtls-field-beside-the-certificate", "FWD-10", "No proxy is declared: a field that nobody reads does not matter.", s => { Bound(s); s.Add(["Client-Cert", "junk"]); });
    }

    private static void Bound(Scene s, TestCertificate? certificate = null)
    {
        s.Certificate = certificate ?? Certificates.Client;
        s.BindTo(s.Certificate);
    }

    private static void Both(Scene s, TestCertificate? certificate = null)
    {
        s.Certificate = certificate ?? Certificates.Client;
        s.BindToBoth(s.Certificate);
    }

    private static void WithProof(Scene s) => s.Token.Claim("cnf", new JsonObject { ["x5t#S256"] = Certificates.Client.Thumbprint });

    private static void Observe(Scene s) => s.Policy["mode"] = "observe";
}
