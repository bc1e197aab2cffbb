using System.Text.Json.Nodes;

namespace Holdfast.Vectors.Cases;

/// <summary>The claims, but for htu, freshness and nonces: steps 3, 8 and 12a.</summary>
internal sealed class ProofClaimCases : CaseTable
{
    public ProofClaimCases() : base("dpop-proof")
    {
        Good("claim-unknown", "RFC 9449 §4.2, DPOP-V-37", "Unknown claims are ignored, whatever their type.",
            s => s.Proof.Claim("note", new JsonObject { ["a"] = new JsonArray(1, null, true) }).Claim("iss", "someone"));
        Good("claims-in-another-order", "RFC 9449 §4.2", "The order of members says nothing.",
            s => s.Proof.PayloadJson = j => { var c = JsonNode.Parse(j)!.AsObject(); return "{" + string.Join(", ", c.Reverse().Select(m => $"\"{m.Key}\": {m.Value!.ToJsonString()}")) + "}"; });
        foreach (string name in (string[])["jti", "htm", "htu", "iat"])
            BadProof($"{name}-missing", "RFC 9449 §4.3 (3), DPOP-V-03", $"No {name}.", "proof_claim_missing", s => s.Proof.NoClaim(name));
        foreach (string name in (string[])["jti", "htm", "htu"])
        {
            BadProof($"{name}-number", "RFC 9449 §4.2, DPOP-V-03", $"{name} is a number.", "proof_claim_malformed", s => s.Proof.Claim(name, 7));
            BadProof($"{name}-null", "RFC 9449 §4.2, DPOP-V-03", $"{name} is null.", "proof_claim_malformed", s => s.Proof.Claim(name, null));
        }
        BadProof("htu-array", "RFC 9449 §4.2, DPOP-V-03", "htu is an array with the right URL in it.", "proof_claim_malformed", s => s.Proof.Claim("htu", new JsonArray(s.Url)));

        Good("jti-at-the-limit", "DPOP-V-30", "A jti of 256 characters.", s => s.Proof.Claim("jti", new string('j', 256)));
        BadProof("jti-too-long", "DPOP-V-30", "A jti of 257 characters.", "proof_claim_malformed", s => s.Proof.Claim("jti", new string('j', 257)));
        BadProof("jti-empty", "RFC 9449 §4.2, DPOP-V-03", "An empty jti tells nothing apart.", "proof_claim_malformed", s => s.Proof.Claim("jti", ""));

        Good("htm-post", "RFC 9449 §4.3 (8), DPOP-V-08", "A POST request and proof.", s => s.Method = "POST");
        Good("htm-of-an-extension-method", "RFC 9449 §4.3 (8), DPOP-V-08", "A method of another specification.", s => s.Method = "PROPFIND");
        BadProof("htm-differs", "RFC 9449 §4.3 (8), DPOP-V-08", "A proof for GET with a DELETE.", "method_mismatch", s => { s.Method = "DELETE"; s.Proof.Claim("htm", "GET"); });
        BadProof("htm-get-for-head", "RFC 9449 §4.3 (8), DPOP-V-08, DPOP-RS-28", "A proof for GET with a HEAD.", "method_mismatch", s => { s.Method = "HEAD"; s.Proof.Claim("htm", "GET"); });
        BadProof("htm-lower-case", "DPOP-V-22, RFC 9110 §9.1", "Methods are case-sensitive.", "method_mismatch", s => s.Proof.Claim("htm", "get"));
        BadProof("htm-with-space", "DPOP-V-22", "A space behind the method.", "method_mismatch", s => s.Proof.Claim("htm", "GET "));
        BadProof("htm-longer", "DPOP-V-22", "A method that only begins alike.", "method_mismatch", s => s.Proof.Claim("htm", "GETX"));
        BadProof("htm-as-overridden", "DPOP-RS-28", "htm is what a method-override field says, not what was sent.", "method_mismatch",
            s => { s.Method = "POST"; s.Proof.Claim("htm", "DELETE"); s.Fields = f => [.. f, ["X-HTTP-Method-Override", "DELETE"]]; });

        BadProof("ath-missing", "RFC 9449 §4.3 (12a), DPOP-V-03, DPOP-V-12", "No ath beside an access token.", "token_hash_mismatch", s => s.Proof.NoClaim("ath"));
        BadProof("ath-of-another-token", "RFC 9449 §4.3 (12a), DPOP-V-12", "ath of another token.", "token_hash_mismatch", s => s.Proof.Claim("ath", Rfc9449Ath));
        BadProof("ath-empty", "RFC 9449 §4.3 (12a), DPOP-V-12", "An empty ath.", "token_hash_mismatch", s => s.Proof.Claim("ath", ""));
        BadProof("ath-padded", "DPOP-V-39", "ath with base64url padding.", "token_hash_mismatch", s => s.Proof.PayloadJson = j => ChangeAth(j, a => a + "="));
        BadProof("ath-with-loose-bits", "DPOP-V-39", "The unused bits of the last character of ath are not zero.", "token_hash_mismatch", s => s.Proof.PayloadJson = j => ChangeAth(j, a => a[..^1] + (char)(a[^1] + 1)));
        BadProof("ath-in-other-case", "DPOP-V-39", "ath in lower case.", "token_hash_mismatch", s => s.Proof.PayloadJson = j => ChangeAth(j, a => a.ToLowerInvariant()));
        BadProof("ath-hexadecimal", "DPOP-V-12", "ath in hexadecimal.", "token_hash_mismatch", s => s.Proof.PayloadJson = j => ChangeAth(j, a => Convert.ToHexStringLower(Jws.Decode(a))));
        BadProof("ath-truncated", "DPOP-V-39", "ath without its last character.", "token_hash_mismatch", s => s.Proof.PayloadJson = j => ChangeAth(j, a => a[..^1]));
        BadProof("ath-of-the-whole-field", "DPOP-V-12", "ath over the Authorization value with its scheme.", "token_hash_mismatch", s =>
        {
            s.Opaque = ("opaque-token", new JsonObject { ["jkt"] = Keys.Client.Thumbprint() });
            s.Proof.Claim("ath", Jws.Encode(System.Security.Cryptography.SHA256.HashData("DPoP opaque-token"u8)));
        });
    }

    private const string Rfc9449Ath = "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo";

    private static string ChangeAth(string json, Func<string, string> change)
    {
        JsonObject claims = JsonNode.Parse(json)!.AsObject();
        claims["ath"] = change((string)claims["ath"]!);
        return claims.ToJsonString();
    }
}
