using System.Text.Json.Nodes;

namespace Holdfast.Vectors.Cases;

/// <summary>jwk: step 7, the fit of algorithm and key, and key validity.</summary>
internal sealed class ProofKeyCases : CaseTable
{
    public ProofKeyCases() : base("dpop-proof")
    {
        GoodKey("key-es256", Keys.Client, "ES256");
        GoodKey("key-es384", Keys.ClientP384, "ES384");
        GoodKey("key-es512", Keys.ClientP521, "ES512");
        GoodKey("key-ps256", Keys.ClientRsa, "PS256");
        GoodKey("key-ps384", Keys.ClientRsa, "PS384");
        GoodKey("key-ps512", Keys.ClientRsa, "PS512");
        GoodKey("key-rs256", Keys.ClientRsa, "RS256");
        GoodKey("key-rsa-4096", Keys.ClientRsa4096, "PS256");
        Good("key-with-extra-members", "DPOP-V-38, RFC 7638 §3", "kid, use, key_ops and alg in jwk do not change the thumbprint.",
            s => Jwk(s, jwk => { jwk["kid"] = "k"; jwk["use"] = "sig"; jwk["key_ops"] = new JsonArray("verify"); jwk["alg"] = "ES256"; jwk["x-note"] = 1; }));
        Good("key-members-in-another-order", "DPOP-V-38, RFC 7638 §3", "The thumbprint orders the members itself.",
            s => Jwk(s, jwk => { foreach (string name in (string[])["y", "kty", "x", "crv"]) { JsonNode? value = jwk[name]!.DeepClone(); jwk.Remove(name); jwk[name] = value; } }));

        foreach (string name in (string[])["d", "p", "q", "dp", "dq", "qi", "oth", "k"])
        {
            BadProof($"key-private-{name}", "RFC 9449 §4.3 (7), DPOP-V-07", $"jwk carries the private member {name}.", "proof_key_private",
                s => Jwk(s, jwk => jwk[name] = name == "d" ? Keys.Client.Jwk["d"]!.DeepClone() : "AQAB"));
        }
        BadProof("key-private-d-null", "RFC 9449 §4.3 (7), DPOP-V-07", "jwk carries d with the value null: the raw JSON is judged.", "proof_key_private", s => Jwk(s, jwk => jwk["d"] = null));
        BadProof("key-private-rsa", "RFC 9449 §4.3 (7), DPOP-V-07", "jwk is a whole private RSA key.", "proof_key_private",
            s => { s.BoundTo = s.Proof.Key = Keys.ClientRsa; s.Proof.Header("jwk", Keys.ClientRsa.Jwk); });
        BadProof("key-symmetric", "RFC 9449 §4.3 (7), DPOP-V-07", "jwk is a symmetric key.", "proof_key_private",
            s => s.Proof.Header("jwk", new JsonObject { ["kty"] = "oct", ["k"] = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8" }));

        BadProof("key-missing", "RFC 9449 §4.3 (3), DPOP-V-03", "No jwk.", "proof_key_malformed", s => s.Proof.NoHeader("jwk"));
        BadProof("key-null", "RFC 9449 §4.3 (3), DPOP-V-03", "jwk is null.", "proof_key_malformed", s => s.Proof.Header("jwk", null));
        BadProof("key-string", "RFC 9449 §4.2, DPOP-V-03", "jwk is the JSON of a key in a string.", "proof_key_malformed", s => s.Proof.Header("jwk", Keys.Client.PublicJwk().ToJsonString()));
        BadProof("key-array", "RFC 9449 §4.2, DPOP-V-03", "jwk is an array with a key in it.", "proof_key_malformed", s => s.Proof.Header("jwk", new JsonArray(Keys.Client.PublicJwk())));
        BadProof("key-empty", "RFC 9449 §4.2, DPOP-V-03", "jwk is an empty object.", "proof_key_malformed", s => s.Proof.Header("jwk", new JsonObject()));
        foreach (string name in (string[])["kty", "crv", "x", "y"])
            BadProof($"key-without-{name}", "RFC 7518 §6.2.1, DPOP-V-03", $"An EC key without {name}.", "proof_key_malformed", s => Jwk(s, jwk => jwk.Remove(name)));
        foreach (string name in (string[])["n", "e"])
            BadProof($"key-without-{name}", "RFC 7518 §6.3.1, DPOP-V-03", $"An RSA key without {name}.", "proof_key_malformed", s => Rsa(s, jwk => jwk.Remove(name)));
        BadProof("key-x-number", "RFC 7518 §6.2.1.2, DPOP-V-03", "x is a number.", "proof_key_malformed", s => Jwk(s, jwk => jwk["x"] = 7));
        BadProof("key-x-padded", "RFC 7518 §6.2.1.2, DPOP-V-39", "x is padded base64url.", "proof_key_malformed", s => Jwk(s, jwk => jwk["x"] = jwk["x"] + "="));
        BadProof("key-x-with-loose-bits", "RFC 7518 §6.2.1.2, DPOP-V-39", "The unused bits of the last character of x are not zero: a second thumbprint for one key.",
            "proof_key_malformed", s => Jwk(s, jwk => { string x = (string)jwk["x"]!; jwk["x"] = x[..^1] + (char)(x[^1] + 1); }));
        BadProof("key-x-too-short", "RFC 7518 §6.2.1.2, DPOP-V-36", "x has 31 octets.", "proof_key_malformed", s => Jwk(s, jwk => jwk["x"] = Jws.Encode(Jws.Decode((string)jwk["x"]!).AsSpan(1))));
        BadProof("key-x-too-long", "RFC 7518 §6.2.1.2, DPOP-V-36", "x has 33 octets, the first of them zero.", "proof_key_malformed", s => Jwk(s, jwk => jwk["x"] = Jws.Encode([0, .. Jws.Decode((string)jwk["x"]!)])));
        BadProof("key-n-with-leading-zero", "RFC 7518 §6.3.1.1, DPOP-V-38", "n begins with a zero octet: a second thumbprint for one key.", "proof_key_malformed",
            s => Rsa(s, jwk => jwk["n"] = Jws.Encode([0, .. Jws.Decode((string)jwk["n"]!)])));

        BadProof("key-es256-with-p384", "DPOP-V-34, RFC 8725 §3.1", "ES256 beside a P-384 key.", "proof_key_unfit", s => { s.BoundTo = s.Proof.Key = Keys.ClientP384; s.Proof.Alg = "ES256"; });
        BadProof("key-es384-with-p256", "DPOP-V-34, RFC 8725 §3.1", "ES384 beside a P-256 key.", "proof_key_unfit", s => s.Proof.Alg = "ES384");
        BadProof("key-es256-with-rsa", "DPOP-V-34, RFC 8725 §3.1", "ES256 beside an RSA key.", "proof_key_unfit", s => { s.BoundTo = s.Proof.Key = Keys.ClientRsa; s.Proof.Header("alg", "ES256"); });
        BadProof("key-ps256-with-p256", "DPOP-V-34, RFC 8725 §3.1", "PS256 beside an EC key.", "proof_key_unfit", s => s.Proof.Header("alg", "PS256"));
        BadProof("key-es256-with-ed25519", "DPOP-V-34, RFC 8725 §3.1", "ES256 beside an Ed25519 key.", "proof_key_unfit",
            s => s.Proof.Header("jwk", new JsonObject { ["kty"] = "OKP", ["crv"] = "Ed25519", ["x"] = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }));
        BadProof("key-of-unknown-curve", "DPOP-V-34", "A secp256k1 key beside ES256.", "proof_key_unfit", s => Jwk(s, jwk => jwk["crv"] = "secp256k1"));
        BadProof("key-of-unknown-type", "DPOP-V-34", "A key type that nobody registered.", "proof_key_unfit", s => Jwk(s, jwk => jwk["kty"] = "XY"));
        BadProof("key-rsa-1024", "DPOP-V-34", "An RSA key of 1024 bits.", "proof_key_unfit", s => s.BoundTo = s.Proof.Key = Keys.ClientRsa1024);
        BadProof("key-rsa-5120", "DPOP-V-34, DPOP-V-33", "An RSA key of 5120 bits: more work than a stranger may ask for.", "proof_key_unfit", s => s.BoundTo = s.Proof.Key = Keys.ClientRsa5120);

        BadProof("key-not-on-the-curve", "DPOP-V-36, RFC 8725 §3.4", "The point is not on the curve.", "proof_key_invalid",
            s => Jwk(s, jwk => { byte[] y = Jws.Decode((string)jwk["y"]!); y[^1] ^= 1; jwk["y"] = Jws.Encode(y); }));
        BadProof("key-at-the-origin", "DPOP-V-36, RFC 8725 §3.4", "The point (0, 0), which is not on the curve.", "proof_key_invalid",
            s => Jwk(s, jwk => (jwk["x"], jwk["y"]) = (Jws.Encode(new byte[32]), Jws.Encode(new byte[32]))));
        BadProof("key-coordinate-over-the-prime", "DPOP-V-36, RFC 8725 §3.4", "x is not less than the prime of the field.", "proof_key_invalid",
            s => Jwk(s, jwk => jwk["x"] = Jws.Encode([.. Enumerable.Repeat((byte)0xFF, 32)])));
        BadProof("key-rsa-exponent-one", "DPOP-V-36, RFC 8725 §3.4", "e is 1: every message is its own signature.", "proof_key_invalid", s => Rsa(s, jwk => jwk["e"] = "AQ"));
        BadProof("key-rsa-exponent-even", "DPOP-V-36, RFC 8725 §3.4", "e is 65536.", "proof_key_invalid", s => Rsa(s, jwk => jwk["e"] = "AQAA"));
        BadProof("key-rsa-modulus-even", "DPOP-V-36, RFC 8725 §3.4", "n is even.", "proof_key_invalid",
            s => Rsa(s, jwk => { byte[] n = Jws.Decode((string)jwk["n"]!); n[^1] &= 0xFE; jwk["n"] = Jws.Encode(n); }));
    }

    private void GoodKey(string id, TestKey key, string alg) =>
        Good(id, "RFC 9449 §4.3 (5), DPOP-V-05, DPOP-V-06, DPOP-V-34", $"A good proof with {alg}.", s =>
        {
            s.BoundTo = s.Proof.Key = key;
            s.Proof.Alg = alg;
            if (alg is "ES512" or "PS512" or "RS256")
                s.Policy["algorithms"] = new JsonArray("ES256", alg);
        });

    // The token is bound to the key as it stands in the proof, spoiled or not, so that nothing but the key is wrong.
    private static void Jwk(Scene s, Action<JsonObject> change) => Spoil(s, Keys.Client, change);

    private static void Rsa(Scene s, Action<JsonObject> change)
    {
        s.Proof.Key = Keys.ClientRsa;
        Spoil(s, Keys.ClientRsa, change);
    }

    private static void Spoil(Scene s, TestKey key, Action<JsonObject> change)
    {
        JsonObject jwk = key.PublicJwk();
        change(jwk);
        s.Proof.Header("jwk", jwk);
        s.Token.Claim("cnf", new JsonObject { ["jkt"] = TestKey.Thumbprint(jwk) });
    }
}
