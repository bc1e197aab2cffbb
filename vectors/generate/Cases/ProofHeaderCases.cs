using System.Text.Json.Nodes;

namespace Holdfast.Vectors.Cases;

/// <summary>typ, alg, crit and the header parameters that must not choose the key: steps 3 to 5.</summary>
internal sealed class ProofHeaderCases : CaseTable
{
    public ProofHeaderCases() : base("dpop-proof")
    {
        Good("header-unknown-parameter", "RFC 9449 §4.2, DPOP-V-37", "An unknown header parameter is ignored.", s => s.Proof.Header("x-note", "hello"));
        Good("header-cty", "RFC 9449 §4.2, DPOP-V-37", "A header parameter that means nothing here.", s => s.Proof.Header("cty", "json"));
        Good("header-members-in-another-order", "RFC 9449 §4.2", "The order of members says nothing.",
            s => s.Proof.HeaderJson = j => { var h = JsonNode.Parse(j)!.AsObject(); return $$"""{"jwk":{{h["jwk"]}},"alg":"ES256","typ":"dpop+jwt"}"""; });
        Good("header-with-whitespace-and-escapes", "RFC 8259 §2", "JSON may be spelled with whitespace and escapes.",
            s => s.Proof.HeaderJson = j => j.Replace("\"typ\":\"dpop+jwt\"", " \"\\u0074yp\" :\n\"dpop\\u002Bjwt\" ", StringComparison.Ordinal));
        Good("header-kid-ignored", "DPOP-V-35", "kid names another key; the key comes from jwk alone.", s => s.Proof.Header("kid", Keys.Thief.Thumbprint()));
        Good("header-jku-ignored", "DPOP-V-35, RFC 8725 §3.10", "jku is never fetched.", s => s.Proof.Header("jku", "https://evil.example/jwks"));
        Good("header-x5u-ignored", "DPOP-V-35, RFC 8725 §3.10", "x5u is never fetched.", s => s.Proof.Header("x5u", "https://evil.example/cert"));
        Good("header-x5c-ignored", "DPOP-V-35", "x5c takes no part.", s => s.Proof.Header("x5c", new JsonArray("MIIB")));
        BadProof("header-key-behind-jku", "RFC 9449 §4.3 (6), DPOP-V-35", "Signed by the key behind jku instead of the one in jwk.", "proof_signature_invalid",
            s => { s.Proof.Header("jku", "https://evil.example/jwks"); s.Proof.Signer = Keys.Thief; });

        BadProof("typ-missing", "RFC 9449 §4.3 (3), DPOP-V-03", "No typ.", "proof_type_wrong", s => s.Proof.NoHeader("typ"));
        BadProof("typ-jwt", "RFC 9449 §4.3 (4), DPOP-V-04", "typ is JWT.", "proof_type_wrong", s => s.Proof.Header("typ", "JWT"));
        BadProof("typ-access-token", "RFC 9449 §4.3 (4), DPOP-V-04", "typ is that of an access token.", "proof_type_wrong", s => s.Proof.Header("typ", "at+jwt"));
        BadProof("typ-security-event", "RFC 9449 §4.3 (4), DPOP-V-04", "typ is that of a security event token.", "proof_type_wrong", s => s.Proof.Header("typ", "secevent+jwt"));
        BadProof("typ-longer", "RFC 9449 §4.3 (4), DPOP-V-04", "typ only begins like dpop+jwt.", "proof_type_wrong", s => s.Proof.Header("typ", "dpop+jwt2"));
        BadProof("typ-empty", "RFC 9449 §4.3 (4), DPOP-V-04", "typ is empty.", "proof_type_wrong", s => s.Proof.Header("typ", ""));
        BadProof("typ-null", "RFC 9449 §4.3 (4), DPOP-V-04", "typ is null.", "proof_type_wrong", s => s.Proof.Header("typ", null));
        BadProof("typ-array", "RFC 9449 §4.3 (4), DPOP-V-04", "typ is an array with the right word in it.", "proof_type_wrong", s => s.Proof.Header("typ", new JsonArray("dpop+jwt")));

        BadProof("alg-missing", "RFC 9449 §4.3 (3), DPOP-V-03", "No alg.", "proof_algorithm_not_allowed", s => s.Proof.NoHeader("alg"));
        BadProof("alg-none", "RFC 9449 §4.3 (5), DPOP-V-05", "alg none with an empty signature.", "proof_algorithm_not_allowed",
            s => { s.Proof.Header("alg", "none"); s.Proof.Signature = _ => []; });
        BadProof("alg-none-signed", "RFC 9449 §4.3 (5), DPOP-V-05", "alg none beside a good signature.", "proof_algorithm_not_allowed", s => s.Proof.Header("alg", "none"));
        BadProof("alg-none-in-capitals", "RFC 9449 §4.3 (5), DPOP-V-05", "alg NONE with an empty signature.", "proof_algorithm_not_allowed",
            s => { s.Proof.Header("alg", "NONE"); s.Proof.Signature = _ => []; });
        BadProof("alg-hs256-with-the-public-key", "RFC 9449 §4.3 (5), DPOP-V-05", "HS256 keyed with the JSON of the public key: the classic confusion.", "proof_algorithm_not_allowed", s =>
        {
            s.Proof.Header("alg", "HS256");
            s.Proof.SignWith = input => System.Security.Cryptography.HMACSHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Keys.Client.PublicJwk().ToJsonString()), input);
        });
        BadProof("alg-hs512", "RFC 9449 §4.3 (5), DPOP-V-05", "A MAC.", "proof_algorithm_not_allowed", s => s.Proof.Header("alg", "HS512"));
        BadProof("alg-lower-case", "RFC 9449 §4.3 (5), DPOP-V-05", "es256: algorithm names are case-sensitive.", "proof_algorithm_not_allowed", s => s.Proof.Header("alg", "es256"));
        BadProof("alg-unknown", "RFC 9449 §4.3 (5), DPOP-V-05", "An algorithm that nobody registered.", "proof_algorithm_not_allowed", s => s.Proof.Header("alg", "XY256"));
        BadProof("alg-of-encryption", "RFC 9449 §4.3 (5), DPOP-V-05", "A key management algorithm.", "proof_algorithm_not_allowed", s => s.Proof.Header("alg", "ECDH-ES"));
        BadProof("alg-empty", "RFC 9449 §4.3 (5), DPOP-V-05", "alg is empty.", "proof_algorithm_not_allowed", s => s.Proof.Header("alg", ""));
        BadProof("alg-number", "RFC 9449 §4.3 (5), DPOP-V-05", "alg is a number.", "proof_algorithm_not_allowed", s => s.Proof.Header("alg", 256));
        BadProof("alg-rs256-not-on-the-list", "RFC 9449 §4.3 (5), DPOP-V-05", "RS256 is implemented and not on the default list.", "proof_algorithm_not_allowed",
            s => { s.BoundTo = s.Proof.Key = Keys.ClientRsa; s.Proof.Alg = "RS256"; });
        BadProof("alg-es512-not-on-the-list", "RFC 9449 §4.3 (5), DPOP-V-05", "ES512 is implemented and not on the default list.", "proof_algorithm_not_allowed",
            s => s.BoundTo = s.Proof.Key = Keys.ClientP521);
        BadProof("alg-es256-taken-off-the-list", "RFC 9449 §4.3 (5), DPOP-V-05, DPOP-AS-13", "A server that accepts PS256 only.", "proof_algorithm_not_allowed",
            s => s.Policy["algorithms"] = new JsonArray("PS256"));

        BadProof("crit-unknown", "DPOP-V-35, RFC 7515 §4.1.11", "A critical extension that nobody knows.", "proof_critical_unsupported",
            s => s.Proof.Header("x-policy", 1).Header("crit", new JsonArray("x-policy")));
        BadProof("crit-b64", "DPOP-V-35, RFC 7797 §6", "An unencoded payload is asked for.", "proof_critical_unsupported",
            s => s.Proof.Header("b64", true).Header("crit", new JsonArray("b64")));
        BadProof("crit-empty", "DPOP-V-35, RFC 7515 §4.1.11", "crit is an empty array, which is not allowed.", "proof_critical_unsupported", s => s.Proof.Header("crit", new JsonArray()));
        BadProof("crit-null", "DPOP-V-35, RFC 7515 §4.1.11", "crit is null.", "proof_critical_unsupported", s => s.Proof.Header("crit", null));
    }
}
