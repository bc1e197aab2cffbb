using System.Text.Json.Nodes;

namespace Holdfast.Vectors.Cases;

/// <summary>cnf, the scheme that fits it, and the modes.</summary>
internal sealed class BindingCases : CaseTable
{
    public BindingCases() : base("resource")
    {
        Good("observe-bound-token", "DPOP-RS-02", "In observe mode a bound token is enforced as ever, and this one is good.", s => s.Policy["mode"] = "observe");
        Good("observe-unbound-bearer", "DPOP-RS-24", "In observe mode an unbound token passes as Bearer.", s => { Observe(s); Unbound(s); Bearer(s); });
        Good("observe-unbound-bearer-with-proof", "DPOP-RS-24", "An unbound Bearer token passes in observe mode; a DPoP field beside it means nothing.",
            s => { Observe(s); Unbound(s); s.Scheme = "Bearer"; s.Proof.Text = _ => "not looked at"; });
        Good("bound-token-and-head", "DPOP-RS-28", "A HEAD request with a proof for HEAD.", s => s.Method = "HEAD");

        BadToken("bound-token-as-bearer", "DPOP-RS-03, RFC 9449 §7.2", "The stolen token as a bearer token.", "bound_token_as_bearer", Bearer);
        BadToken("bound-token-as-bearer-with-proof", "DPOP-RS-03, RFC 9449 §7.2", "A good proof does not make the Bearer scheme right.", "bound_token_as_bearer", s => s.Scheme = "Bearer");
        BadToken("bound-token-as-bearer-in-observe-mode", "DPOP-RS-03, RFC 9449 §7.2", "Observe mode never loosens a bound token.", "bound_token_as_bearer", s => { Observe(s); Bearer(s); });
        BadToken("bound-token-as-bearer-in-lower-case", "DPOP-RS-03, DPOP-RS-05", "bearer.", "bound_token_as_bearer", s => { s.Scheme = "bearer"; s.Fields = f => [f[0]]; });
        BadToken("unbound-token-with-dpop", "DPOP-RS-04, RFC 9449 §7.1", "A proof beside a token that binds to nothing is a decoration.", "unbound_token_with_dpop", Unbound);
        BadToken("unbound-token-with-dpop-in-observe-mode", "DPOP-RS-04, RFC 9449 §7.1", "In observe mode too.", "unbound_token_with_dpop", s => { Observe(s); Unbound(s); });
        BadToken("unbound-token", "DPOP-RS-24", "An unbound token where a binding is required.", "unbound_token", s => { Unbound(s); Bearer(s); });
        BadToken("key-of-the-thief", "DPOP-V-13, DPOP-RS-02, DPOP-RS-09, DPOP-RS-10, DPOP-RS-13, RFC 9449 §7.1", "The stolen token with a flawless proof by the thief's key.", "key_mismatch", s => s.Proof.Key = Keys.Thief);
        BadToken("key-of-another-kind", "DPOP-V-13, RFC 9449 §7.1", "The stolen token with a proof by an RSA key.", "key_mismatch", s => s.Proof.Key = Keys.ClientRsa);
        BadToken("key-of-the-thief-in-observe-mode", "DPOP-V-13, DPOP-RS-02", "Observe mode never loosens a bound token.", "key_mismatch", s => { Observe(s); s.Proof.Key = Keys.Thief; });
        BadToken("key-of-the-thief-unsigned", "DPOP-V-13", "A foreign key is told without any valid signature.", "key_mismatch", s => { s.Proof.Key = Keys.Thief; s.Proof.Signature = _ => new byte[64]; });
        BadProof("proof-missing-in-observe-mode", "DPOP-RS-02", "Observe mode never loosens a bound token.", "proof_missing", s => { Observe(s); s.Fields = f => [f[0]]; });

        Confirmation("empty", "An empty cnf binds to nothing and means something.", "confirmation_malformed", new JsonObject());
        Confirmation("null", "cnf is null.", "confirmation_malformed", null);
        Confirmation("string", "cnf is a string.", "confirmation_malformed", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
        Confirmation("array", "cnf is an array.", "confirmation_malformed", new JsonArray(new JsonObject { ["jkt"] = Keys.Client.Thumbprint() }));
        Confirmation("jkt-number", "jkt is a number.", "confirmation_malformed", new JsonObject { ["jkt"] = 7 });
        Confirmation("jkt-empty", "jkt is empty.", "confirmation_malformed", new JsonObject { ["jkt"] = "" });
        Confirmation("jkt-padded", "jkt is padded base64url.", "confirmation_malformed", new JsonObject { ["jkt"] = Keys.Client.Thumbprint() + "=" });
        Confirmation("jkt-short", "jkt lacks a character.", "confirmation_malformed", new JsonObject { ["jkt"] = Keys.Client.Thumbprint()[..^1] });
        Confirmation("jkt-hexadecimal", "jkt in hexadecimal.", "confirmation_malformed", new JsonObject { ["jkt"] = Convert.ToHexStringLower(Jws.Decode(Keys.Client.Thumbprint())) });
        Confirmation("unknown-member", "A member that nobody can enforce.", "confirmation_unsupported", new JsonObject { ["x-factor"] = "7" });
        Confirmation("unknown-member-beside-jkt", "A member that nobody can enforce beside a jkt that fits.", "confirmation_unsupported", new JsonObject { ["jkt"] = Keys.Client.Thumbprint(), ["x-factor"] = "7" });
        Confirmation("jwk", "A whole key instead of its thumbprint (RFC 7800 §3.2) is not enforced here.", "confirmation_unsupported", new JsonObject { ["jwk"] = Keys.Client.PublicJwk() });
        Confirmation("kid", "A key by name (RFC 7800 §3.4) is not enforced here.", "confirmation_unsupported", new JsonObject { ["kid"] = "client" });
        BadToken("cnf-certificate", "DPOP-RS-23, DPOP-RS-01, RFC 7800 §3.1", "Bound to a certificate, and none was presented.", "certificate_missing", s => { s.Token.Claim("cnf", new JsonObject { ["x5t#S256"] = CertificateThumbprint }); Bearer(s); });
        Confirmation("certificate-and-jkt", "Bound to a certificate and a key: both must be proven, and only the key is.", "certificate_missing", new JsonObject { ["jkt"] = Keys.Client.Thumbprint(), ["x5t#S256"] = CertificateThumbprint });
        BadToken("cnf-certificate-as-printed", "DPOP-RS-23, DPOP-RS-01, RFC 7800 §3.1", "The x5t#S256 printed in RFC 8705 §3.1, which is not canonical base64url: one hash has one spelling.", "confirmation_malformed", s => { s.Token.Claim("cnf", new JsonObject { ["x5t#S256"] = Rfc8705Thumbprint }); Bearer(s); });
        BadToken("cnf-empty-as-bearer", "DPOP-RS-23", "A token with an empty cnf does not pass as an unbound one.", "confirmation_malformed", s => { Observe(s); s.Token.Claim("cnf", new JsonObject()); Bearer(s); });
        BadToken("cnf-unknown-as-bearer", "DPOP-RS-23", "A token with an unknown binding does not pass as an unbound one.", "confirmation_unsupported", s => { Observe(s); s.Token.Claim("cnf", new JsonObject { ["x-factor"] = "7" }); Bearer(s); });
    }

    private const string CertificateThumbprint = "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg0";

    // RFC 8705 §3.1 prints its example with a last character whose unused bits are not zero.
    private const string Rfc8705Thumbprint = "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2";

    private void Confirmation(string id, string description, string expect, JsonNode? cnf) =>
        BadToken("cnf-" + id, "DPOP-RS-23, DPOP-RS-01, RFC 7800 §3.1", description, expect, s => s.Token.Claim("cnf", cnf?.DeepClone()));

    private static void Observe(Scene s) => s.Policy["mode"] = "observe";

    private static void Unbound(Scene s) => s.Token.NoClaim("cnf");

    private static void Bearer(Scene s) => (s.Scheme, s.Fields) = ("Bearer", f => [f[0]]);
}
