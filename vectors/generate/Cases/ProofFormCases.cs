using System.Text;

namespace Holdfast.Vectors.Cases;

/// <summary>The field and the JWS as text: steps 1 and 2, limits, strict encodings.</summary>
internal sealed class ProofFormCases : CaseTable
{
    public ProofFormCases() : base("dpop-proof")
    {
        Good("proof-is-good", "RFC 9449 §4.3, DPOP-V-03", "A good request; every other case of this folder differs from it in one thing.");
        Good("proof-at-the-size-limit", "DPOP-V-33", "A proof of exactly 8192 characters.", s => Pad(s, 8192));
        BadProof("proof-over-the-size-limit", "DPOP-V-33", "A proof of 8193 characters or a little more.", "proof_too_large", s => Pad(s, 8193));

        Bad("proof-missing", "RFC 9449 §7.1, DPOP-RS-02", "No DPoP field beside Authorization: DPoP.", "proof_missing", "invalid_dpop_proof",
            s => s.Fields = f => [f[0]]);
        BadProof("proof-twice-the-same", "RFC 9449 §4.3 (1), DPOP-V-01", "The same proof in two DPoP lines.", "proof_repeated",
            s => s.Fields = f => [f[0], f[1], f[1]]);
        BadProof("proof-twice-one-empty", "RFC 9449 §4.3 (1), DPOP-V-01", "A good DPoP line and an empty one.", "proof_repeated",
            s => s.Fields = f => [f[0], f[1], ["DPoP", ""]]);
        BadProof("proof-twice-good-and-garbage", "RFC 9449 §4.3 (1), DPOP-V-01", "Garbage in the first DPoP line, a good proof in the second.", "proof_repeated",
            s => s.Fields = f => [f[0], ["dpop", "garbage"], f[1]]);
        BadProof("proof-twice-in-one-line", "RFC 9449 §4.3 (2), DPOP-V-02, FWD-63", "Two proofs joined by a comma, as some proxies do.", "proof_malformed",
            s => s.Proof.Text = t => t + "," + t);
        BadProof("proof-twice-with-a-space", "RFC 9449 §4.3 (2), DPOP-V-02", "Two proofs with a space between them.", "proof_malformed",
            s => s.Proof.Text = t => t + " " + t);
        BadProof("proof-empty", "RFC 9449 §4.3 (2), DPOP-V-02", "An empty field is a malformed proof, not an absent one.", "proof_malformed",
            s => s.Proof.Text = _ => "");
        BadProof("proof-is-a-word", "RFC 9449 §4.3 (2), DPOP-V-02", "Not a JWS at all.", "proof_malformed", s => s.Proof.Text = _ => "proof");
        BadProof("proof-quoted", "RFC 9449 §4.3 (2), DPOP-V-02", "A good proof in double quotes.", "proof_malformed", s => s.Proof.Text = t => $"\"{t}\"");
        BadProof("proof-with-scheme", "RFC 9449 §4.3 (2), DPOP-V-02", "The word DPoP before the proof.", "proof_malformed", s => s.Proof.Text = t => "DPoP " + t);
        BadProof("proof-with-two-parts", "RFC 9449 §4.3 (2), DPOP-V-02", "The signature part is missing.", "proof_malformed", s => s.Proof.Parts = p => p[..2]);
        BadProof("proof-with-four-parts", "RFC 9449 §4.3 (2), DPOP-V-02", "A fourth part.", "proof_malformed", s => s.Proof.Parts = p => [.. p, "AAAA"]);
        BadProof("proof-with-five-parts", "RFC 9449 §4.3 (2), DPOP-V-02", "Five parts, as a JWE has.", "proof_malformed", s => s.Proof.Parts = p => [.. p, "AAAA", "AAAA"]);
        BadProof("proof-with-empty-header", "RFC 9449 §4.3 (2), DPOP-V-02", "The header part is empty.", "proof_malformed", s => s.Proof.Parts = p => ["", p[1], p[2]]);
        BadProof("proof-with-empty-payload", "RFC 9449 §4.3 (2), DPOP-V-02", "The payload part is empty.", "proof_malformed", s => s.Proof.Parts = p => [p[0], "", p[2]]);
        BadProof("proof-json-serialized", "RFC 9449 §4.3 (2), DPOP-V-02", "The flattened JSON serialization of a JWS.", "proof_malformed",
            s => s.Proof.Text = t => { string[] p = t.Split('.'); return $$"""{"protected":"{{p[0]}}","payload":"{{p[1]}}","signature":"{{p[2]}}"}"""; });

        BadProof("proof-header-padded", "DPOP-V-02, RFC 7515 §2", "base64url padding after the header.", "proof_malformed", s => s.Proof.Parts = p => [p[0] + "=", p[1], p[2]]);
        BadProof("proof-payload-padded", "DPOP-V-02, RFC 7515 §2", "base64url padding after the payload.", "proof_malformed", s => s.Proof.Parts = p => [p[0], p[1] + "=", p[2]]);
        BadProof("proof-signature-padded", "DPOP-V-02, RFC 7515 §2", "base64url padding after the signature.", "proof_malformed", s => s.Proof.Parts = p => [p[0], p[1], p[2] + "=="]);
        BadProof("proof-signature-in-other-alphabet", "DPOP-V-02, RFC 7515 §2", "The signature with + and / of plain base64.", "proof_malformed",
            s => s.Proof.Parts = p => [p[0], p[1], "+/" + p[2][2..]]);
        BadProof("proof-signature-with-loose-bits", "DPOP-V-02, RFC 4648 §3.5",
            "The unused bits of the last character of the signature are not zero: another spelling of the same octets.", "proof_malformed",
            s => s.Proof.Parts = p => [p[0], p[1], p[2][..^1] + (char)(p[2][^1] + 1)]);

        BadProof("proof-header-not-json", "DPOP-V-02", "The header is no JSON.", "proof_malformed", s => s.Proof.HeaderJson = _ => "typ=dpop+jwt");
        BadProof("proof-header-array", "DPOP-V-02", "The header is a JSON array.", "proof_malformed", s => s.Proof.HeaderJson = j => $"[{j}]");
        BadProof("proof-header-with-comment", "DPOP-V-02, RFC 8259 §2", "A comment in the JSON of the header.", "proof_malformed", s => s.Proof.HeaderJson = j => j.Replace("{\"typ\"", "{/**/\"typ\"", StringComparison.Ordinal));
        BadProof("proof-header-with-trailing-comma", "DPOP-V-02, RFC 8259 §4", "A comma before the last brace of the header.", "proof_malformed", s => s.Proof.HeaderJson = j => j[..^1] + ",}");
        BadProof("proof-header-invalid-utf8", "DPOP-V-02, RFC 7515 §4", "An octet in the header that is not UTF-8.", "proof_malformed",
            s => { s.Proof.Header("note", "?"); s.Proof.HeaderOctets = o => [.. o.Select(b => b == (byte)'?' ? (byte)0xFF : b)]; });
        BadProof("proof-payload-invalid-utf8", "DPOP-V-02, RFC 7519 §7.2", "An over-long UTF-8 sequence in the payload.", "proof_malformed",
            s => { s.Proof.Claim("note", "??"); s.Proof.PayloadOctets = o => Replace(o, "??"u8, [0xC0, 0xAF]); });
        BadProof("proof-payload-lone-surrogate", "DPOP-V-02, RFC 8259 §8.2", "An escape in the payload that stands for no character.", "proof_malformed",
            s => s.Proof.PayloadJson = j => j[..^1] + ",\"note\":\"\\uD800\"}");
        BadProof("proof-payload-not-json", "DPOP-V-02", "The payload is no JSON.", "proof_malformed", s => s.Proof.PayloadJson = _ => "htm=GET");
        BadProof("proof-payload-array", "DPOP-V-02", "The payload is a JSON array.", "proof_malformed", s => s.Proof.PayloadJson = j => $"[{j}]");
        BadProof("proof-payload-string", "DPOP-V-02", "The payload is a JSON string.", "proof_malformed", s => s.Proof.PayloadJson = _ => "\"htm\"");
        BadProof("proof-payload-truncated", "DPOP-V-02", "The last brace of the payload is missing.", "proof_malformed", s => s.Proof.PayloadJson = j => j[..^1]);
        BadProof("proof-payload-with-more-behind", "DPOP-V-02", "A second JSON object behind the payload.", "proof_malformed", s => s.Proof.PayloadJson = j => j + "{}");
        BadProof("proof-payload-with-byte-order-mark", "DPOP-V-02, RFC 8259 §8.1", "A byte order mark before the payload.", "proof_malformed", s => s.Proof.PayloadJson = j => "\uFEFF" + j);
        BadProof("proof-payload-nested-too-deep", "DPOP-V-33", "An unknown claim of a hundred nested arrays.", "proof_malformed",
            s => s.Proof.PayloadJson = j => j[..^1] + ",\"x\":" + new string('[', 100) + new string(']', 100) + "}");

        BadProof("proof-claim-twice", "DPOP-V-33, RFC 7515 §4", "htu occurs twice, first the right one.", "proof_member_repeated",
            s => s.Proof.PayloadJson = j => j[..^1] + ",\"htu\":\"https://evil.example/\"}");
        BadProof("proof-claim-twice-the-same", "DPOP-V-33, RFC 7515 §4", "jti occurs twice with one value.", "proof_member_repeated",
            s => s.Proof.PayloadJson = j => j[..^1] + "," + j[1..(j.IndexOf(',', StringComparison.Ordinal))] + "}");
        BadProof("proof-claim-twice-escaped", "DPOP-V-33, RFC 7515 §4", "htm occurs twice, the second time spelled with an escape.", "proof_member_repeated",
            s => s.Proof.PayloadJson = j => j[..^1] + ",\"\\u0068tm\":\"POST\"}");
        BadProof("proof-header-member-twice", "DPOP-V-33, RFC 7515 §4", "alg occurs twice.", "proof_member_repeated", s => s.Proof.HeaderJson = j => j[..^1] + ",\"alg\":\"none\"}");
        BadProof("proof-jwk-member-twice", "DPOP-V-33, RFC 7515 §4", "x occurs twice in jwk.", "proof_member_repeated",
            s => s.Proof.HeaderJson = j => j.Replace("\"y\":", $"\"x\":\"{Keys.Thief.Jwk["x"]}\",\"y\":", StringComparison.Ordinal));
        BadProof("proof-unknown-claim-twice", "DPOP-V-33, RFC 7515 §4", "A member that nobody reads occurs twice.", "proof_member_repeated",
            s => s.Proof.PayloadJson = j => j[..^1] + ",\"note\":1,\"note\":2}");
    }

    private static byte[] Replace(byte[] octets, ReadOnlySpan<byte> what, byte[] with)
    {
        int at = octets.AsSpan().IndexOf(what);
        return [.. octets[..at], .. with, .. octets[(at + what.Length)..]];
    }

    // base64url has no text of 4n+1 characters, so that the aim is hit or passed by one.
    private static void Pad(Scene s, int length)
    {
        s.Proof.PayloadOctets = octets =>
        {
            // header "." payload "." 86 characters of signature
            int header = Jws.Encode(Encoding.UTF8.GetBytes($$"""{"typ":"dpop+jwt","alg":"ES256","jwk":{{Keys.Client.PublicJwk().ToJsonString()}}}""")).Length;
            int payload = length - header - 2 - 86;
            int size = (payload * 3 / 4) + (payload % 4 == 1 ? 1 : 0);
            string json = Encoding.UTF8.GetString(octets);
            return Encoding.UTF8.GetBytes(json[..^1] + ",\"pad\":\"" + new string('x', size - json.Length - 9) + "\"}");
        };
    }
}
