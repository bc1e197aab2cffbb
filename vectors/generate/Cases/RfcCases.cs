using System.Text.Json.Nodes;

namespace Holdfast.Vectors.Cases;

/// <summary>The examples printed in RFC 9449, octet for octet. No key of ours signs them.</summary>
internal static class Rfc
{
    private const string Header =
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19";

    public const string TokenRequestProof = Header +
        ".eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";

    public const string RefreshRequestProof = Header +
        ".eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjY1Mjk2fQ.pAqut2IRDm_De6PR93SYmGBPXpwrAk90e8cP2hjiaG5QsGSuKDYW7_X620BxqhvYC8ynrrvZLTk41mSRroapUA";

    public const string ResourceProof = Header +
        ".eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";

    public const string AccessToken = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
    public const string Jkt = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

    public static void Resource(Scene s, string jkt = Jkt)
    {
        (s.Now, s.Url) = (1562262618, "https://resource.example.org/protectedresource");
        s.Opaque = (AccessToken, new JsonObject { ["jkt"] = jkt });
        s.Policy["issuer"] = "https://server.example.com";
        s.Policy["audience"] = "https://resource.example.org";
        s.Proof.Text = _ => ResourceProof;
    }

    public static void TokenRequest(Scene s, string proof, long now)
    {
        (s.Now, s.Url) = (now, "https://server.example.com/token");
        s.Proof.Text = _ => proof;
    }
}

internal sealed class RfcResourceCases : CaseTable
{
    public RfcResourceCases() : base("rfc9449")
    {
        Good("rfc9449-7.1-protected-resource-request", "RFC 9449 §7.1, DPOP-V-12, DPOP-V-13, DPOP-RS-02",
            "The protected resource request of figure 13; its opaque token stands for one bound to the key of figure 2.", s => Rfc.Resource(s));
        BadProof("rfc9449-7.1-a-minute-and-a-second-later", "RFC 9449 §7.1, DPOP-V-11, DPOP-V-23",
            "The same request, 61 seconds after the proof was made.", "proof_expired", s => { Rfc.Resource(s); s.Now += 61; });
        BadProof("rfc9449-7.1-at-another-resource", "RFC 9449 §7.1, DPOP-V-09", "The same proof and token, sent to another path.", "target_mismatch",
            s => { Rfc.Resource(s); s.Url = "https://resource.example.org/otherresource"; });
        BadToken("rfc9449-7.1-token-bound-to-another-key", "RFC 9449 §7.1, DPOP-V-13",
            "The same request, where the token is bound to the dpop_jkt of figure 24: a valid proof by a foreign key.", "key_mismatch",
            s => Rfc.Resource(s, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"));
        BadProof("rfc9449-7.1-other-token-of-the-same-key", "RFC 9449 §7, DPOP-V-12",
            "The same proof with another token bound to the same key: ath keeps them apart.", "token_hash_mismatch",
            s => { Rfc.Resource(s); s.Opaque = (Rfc.AccessToken[..^1] + "V", new JsonObject { ["jkt"] = Rfc.Jkt }); });
        Bad("rfc9449-7.2-no-credentials", "RFC 9449 §7.2, DPOP-RS-14", "The request of figure 16: no credentials, so no error code.",
            "credentials_missing", null, s => { Rfc.Resource(s); s.Fields = _ => []; });
        BadToken("rfc9449-7.2-bound-token-as-bearer", "RFC 9449 §7.2, DPOP-RS-03", "A DPoP-bound token received as a bearer token is refused.",
            "bound_token_as_bearer", s => { Rfc.Resource(s); s.Fields = _ => [["Authorization", "Bearer " + Rfc.AccessToken]]; });
        Bad("rfc9449-7.2-two-schemes", "RFC 9449 §7.2, DPOP-RS-07", "The request of figure 18: the token once as Bearer and once as DPoP.",
            "authorization_repeated", "invalid_request", s =>
            {
                Rfc.Resource(s);
                s.Fields = _ => [["Authorization", "Bearer " + Rfc.AccessToken], ["Authorization", "DPoP " + Rfc.AccessToken]];
            });
        Bad("rfc9449-9-nonce-required", "RFC 9449 §9, DPOP-RS-19", "The resource asks for nonces; the proof of §7.1 has none.", "nonce_missing",
            "use_dpop_nonce", s => { Rfc.Resource(s); s.UseNonce("always", null); });
    }
}

internal sealed class RfcTokenCases : CaseTable
{
    public RfcTokenCases() : base("rfc9449", tokenEndpoint: true)
    {
        Good("rfc9449-5-token-request", "RFC 9449 §4.1, RFC 9449 §5, DPOP-AS-02", "The proof of figures 2 and 5.",
            s => Rfc.TokenRequest(s, Rfc.TokenRequestProof, 1562262616));
        Good("rfc9449-5-refresh-request", "RFC 9449 §5, DPOP-AS-02", "The proof of figure 7.",
            s => Rfc.TokenRequest(s, Rfc.RefreshRequestProof, 1562265296));
        BadProof("rfc9449-5-same-jti-soon-after", "RFC 9449 §11.1, DPOP-V-27",
            "Figures 5 and 7 share a jti, key, method and URL: had they been made for one window, the second would be a replay. Here figure 5 comes twice.",
            "proof_replayed", s => { Rfc.TokenRequest(s, Rfc.TokenRequestProof, 1562262616); s.FirstTime = "accepted"; });
        Good("rfc9449-5-same-jti-long-after", "RFC 9449 §11.1, DPOP-V-27, DPOP-V-28",
            "Figure 5, and 45 minutes later figure 7 with the same jti: the first record has ended with its window.", s =>
            {
                s.Precede("accepted", earlier => Rfc.TokenRequest(earlier, Rfc.TokenRequestProof, 1562262616));
                Rfc.TokenRequest(s, Rfc.RefreshRequestProof, 1562265296);
            });
        Bad("rfc9449-8-nonce-required", "RFC 9449 §8, DPOP-AS-21", "The authorization server asks for nonces; the proof of figure 5 has none.",
            "nonce_missing", "use_dpop_nonce", s => { Rfc.TokenRequest(s, Rfc.TokenRequestProof, 1562262616); s.UseNonce("always", null); });
        BadProof("rfc9449-4.3-signature-changed", "RFC 9449 §4.3 (6), DPOP-V-06", "The proof of figure 5 with one bit of its signature changed.",
            "proof_signature_invalid", s => Rfc.TokenRequest(s, Rfc.TokenRequestProof.Replace(".2-GxA6", ".2-GxA7", StringComparison.Ordinal), 1562262616));
    }
}
