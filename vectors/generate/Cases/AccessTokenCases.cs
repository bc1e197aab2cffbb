using System.Text;
using System.Text.Json.Nodes;

namespace Holdfast.Vectors.Cases;

/// <summary>The access token itself; its proof is good every time (DPOP-RS-25).</summary>
internal sealed class AccessTokenCases : CaseTable
{
    private const string Genuine = "DPOP-RS-25, RFC 9068 §4";

    public AccessTokenCases() : base("resource")
    {
        Good("token-typ-long", "AT-02, RFC 9068 §4", "application/at+jwt.", s => s.Token.Header("typ", "application/at+jwt"));
        Good("token-typ-in-capitals", "AT-02, RFC 9068 §4", "Media types are case-insensitive.", s => s.Token.Header("typ", "AT+JWT"));
        Good("token-by-rsa", "AT-17, RFC 9068 §4", "Another key of the issuer, with its own algorithm.", s => s.Token.Key = Keys.IssuerRsa);
        Good("token-audience-array", "AT-08, RFC 9068 §4", "This resource among several audiences.", s => s.Token.Claim("aud", new JsonArray("https://other.example.com", Scene.Audience)));
        Good("token-a-second-before-expiry", "AT-10, RFC 9068 §4", "exp is one second away.", s => s.Token.Claim("exp", Scene.Start + 1));
        Good("token-not-before-now", "RFC 7519 §4.1.5", "nbf is now.", s => s.Token.Claim("nbf", Scene.Start));
        Good("token-with-unknown-claims", "RFC 7519 §4", "Unknown claims are ignored.", s => s.Token.Claim("note", new JsonObject { ["a"] = 1 }));
        Good("token-jku-ignored", "AT-22, RFC 8725 §3.10", "jku in the token is never fetched.", s => s.Token.Header("jku", "https://evil.example/jwks"));

        BadToken("token-is-a-word", "AT-24", "Not a JWT.", "token_malformed", s => s.Token.Text = _ => "token");
        BadToken("token-with-two-parts", "AT-24", "The signature part is missing.", "token_malformed", s => s.Token.Parts = p => p[..2]);
        BadToken("token-with-five-parts", "AT-24", "Five parts, as an encrypted token has.", "token_malformed", s => s.Token.Parts = p => [.. p, "AAAA", "AAAA"]);
        BadToken("token-padded", "AT-24, RFC 7515 §2", "base64url padding at the end.", "token_malformed", s => s.Token.Text = t => t + "==");
        BadToken("token-in-other-alphabet", "AT-24, RFC 7515 §2", "The signature with + and / of plain base64.", "token_malformed", s => s.Token.Parts = p => [p[0], p[1], "+/" + p[2][2..]]);
        BadToken("token-with-tilde", "AT-24", "A character of token68 that no JWT has.", "token_malformed", s => s.Token.Text = t => t + "~");
        BadToken("token-header-not-json", "AT-24", "The header is no JSON.", "token_malformed", s => s.Token.HeaderJson = _ => "alg=ES256");
        BadToken("token-header-member-twice", "AT-24, RFC 7515 §4", "alg occurs twice in the header.", "token_malformed", s => s.Token.HeaderJson = j => j[..^1] + ",\"alg\":\"none\"}");
        BadToken("token-payload-not-json", "AT-24", "The payload is no JSON.", "token_malformed", s => s.Token.PayloadJson = _ => "iss");
        BadToken("token-claim-twice", "AT-24, RFC 7519 §4", "cnf occurs twice: bound to the client, then to the thief.", "token_malformed",
            s => s.Token.PayloadJson = j => j[..^1] + ",\"cnf\":{\"jkt\":\"" + Keys.Thief.Thumbprint() + "\"}}");
        BadToken("token-payload-invalid-utf8", "AT-24", "An octet in the payload that is not UTF-8.", "token_malformed",
            s => { s.Token.Claim("note", "?"); s.Token.PayloadOctets = o => [.. o.Select(b => b == (byte)'?' ? (byte)0xFF : b)]; });
        BadToken("token-with-crit", "RFC 7515 §4.1.11", "A critical extension in the token.", "token_malformed", s => s.Token.Header("crit", new JsonArray("x")).Header("x", 1));
        BadToken("token-too-large", "DPOP-V-33", "A token of more than 16384 characters.", "token_too_large", s => s.Token.Claim("pad", new string('x', 13_000)));

        BadToken("token-typ-missing", "AT-02, RFC 9068 §4", "No typ.", "token_type_wrong", s => s.Token.NoHeader("typ"));
        BadToken("token-typ-jwt", "AT-02, RFC 9068 §4", "typ is JWT, as in ID tokens.", "token_type_wrong", s => s.Token.Header("typ", "JWT"));
        BadToken("token-typ-proof", "AT-23, RFC 8725 §3.11", "typ is dpop+jwt.", "token_type_wrong", s => s.Token.Header("typ", "dpop+jwt"));
        BadToken("token-alg-none", "AT-01, RFC 9068 §4", "alg none beside a signature.", "token_algorithm_not_allowed", s => s.Token.Header("alg", "none"));
        BadToken("token-alg-hs256", "AT-01, AT-16, RFC 8725 §3.1", "HS256 keyed with the issuer's public key.", "token_algorithm_not_allowed", s =>
        {
            s.Token.Header("alg", "HS256");
            s.Token.SignWith = input => System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes(Keys.Issuer.PublicJwk().ToJsonString()), input);
        });
        BadToken("token-alg-of-another-key", "AT-17, RFC 8725 §3.1", "PS256 beside the kid of an ES256 key.", "token_algorithm_not_allowed", s => s.Token.Header("alg", "PS256"));
        BadToken("token-kid-unknown", "AT-09, RFC 9068 §4", "A kid that the issuer does not publish, and a signature by a stranger.", "token_key_unknown", s => s.Token.Key = Keys.Stranger);
        BadToken("token-kid-is-a-path", "AT-21, RFC 8725 §3.10", "kid is a path; it is looked up and nothing else.", "token_key_unknown", s => s.Token.Header("kid", "../../dev/null"));
        BadToken("token-forged", Genuine + ", AT-18", "Signed by a stranger under the issuer's kid.", "token_signature_invalid", s => s.Token.Signer = Keys.Stranger);
        BadToken("token-changed", Genuine + ", AT-18", "The subject was changed after signing.", "token_signature_invalid", s =>
            s.Token.Parts = p => [p[0], Jws.Encode(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Jws.Decode(p[1])).Replace("\"sub\":\"orders-client\"", "\"sub\":\"administrator\"", StringComparison.Ordinal))), p[2]]);
        BadToken("token-rebound-by-the-thief", Genuine + ", DPOP-RS-02", "The thief wrote his own thumbprint into the stolen token.", "token_signature_invalid", s =>
        {
            s.Proof.Key = Keys.Thief;
            s.Token.Parts = p => [p[0], Jws.Encode(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Jws.Decode(p[1])).Replace(Keys.Client.Thumbprint(), Keys.Thief.Thumbprint(), StringComparison.Ordinal))), p[2]];
        });
        BadToken("token-key-from-its-own-header", "AT-09, AT-20", "A stranger's key in the token's own jwk header parameter.", "token_signature_invalid", s => { s.Token.Signer = Keys.Stranger; s.Token.Header("jwk", Keys.Stranger.PublicJwk()); });

        BadToken("token-issuer-wrong", "AT-07, RFC 9068 §4", "Another issuer, signed with our issuer's key.", "token_issuer_wrong", s => s.Token.Claim("iss", "https://evil.example"));
        BadToken("token-issuer-with-slash", "AT-07, RFC 9068 §4", "A trailing slash makes another issuer.", "token_issuer_wrong", s => s.Token.Claim("iss", Scene.Issuer + "/"));
        BadToken("token-issuer-in-other-case", "AT-07, RFC 9068 §4", "The issuer is compared as a string.", "token_issuer_wrong", s => s.Token.Claim("iss", "https://ISSUER.example.com"));
        BadToken("token-audience-wrong", "AT-08, RFC 9068 §4", "Meant for another resource.", "token_audience_wrong", s => s.Token.Claim("aud", "https://other.example.com"));
        BadToken("token-audience-is-a-prefix", "AT-08, RFC 9068 §4", "The audience only begins alike.", "token_audience_wrong", s => s.Token.Claim("aud", Scene.Audience + ".evil.example"));
        BadToken("token-audience-array-without-us", "AT-08, RFC 9068 §4", "Several other audiences.", "token_audience_wrong", s => s.Token.Claim("aud", new JsonArray("https://a.example", "https://b.example")));
        BadToken("token-expired", "AT-10, RFC 9068 §4", "Expired an hour ago.", "token_expired", s => s.Token.Claim("iat", Scene.Start - 3900).Claim("exp", Scene.Start - 3600));
        BadToken("token-expired-past-the-leeway", "AT-10, RFC 9068 §4", "Expired eleven seconds ago; ten are forgiven.", "token_expired", s => s.Token.Claim("exp", Scene.Start - 11));
        BadToken("token-not-yet-valid", "RFC 7519 §4.1.5", "nbf is an hour away.", "token_not_yet_valid", s => s.Token.Claim("nbf", Scene.Start + 3600).Claim("exp", Scene.Start + 7200));
        BadToken("token-from-the-future", "RFC 9068 §2.2", "iat is an hour away.", "token_not_yet_valid", s => s.Token.Claim("iat", Scene.Start + 3600).Claim("exp", Scene.Start + 7200));
        foreach (string name in (string[])["iss", "aud", "exp", "iat", "sub", "client_id", "jti"])
            BadToken($"token-without-{name.Replace('_', '-')}", "AT-03, RFC 9068 §2.2", $"No {name}.", "token_claim_missing", s => s.Token.NoClaim(name));
        BadToken("token-exp-string", "AT-03, RFC 7519 §4.1.4", "exp is a string.", "token_claim_missing", s => s.Token.Claim("exp", "1767225840"));
        Bad("issuer-keys-never-obtained", "AT-09, RFC 9068 §4", "The issuer's keys were never obtained; its tokens cannot be verified.", "issuer_unavailable", "temporarily_unavailable", s => s.Policy["issuerKeys"] = null);
    }
}
