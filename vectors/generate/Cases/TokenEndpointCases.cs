using System.Text.Json.Nodes;

namespace Holdfast.Vectors.Cases;

/// <summary>Proofs at the token endpoint: the same checks without ath and binding (DPOP-AS-02).</summary>
internal sealed class TokenEndpointCases : CaseTable
{
    public TokenEndpointCases() : base("token-endpoint", tokenEndpoint: true)
    {
        Good("token-request-is-good", "RFC 9449 §5, DPOP-AS-02", "A good token request; every other case of this folder differs from it in one thing.");
        Good("token-request-any-key", "DPOP-AS-02, DPOP-AS-11", "Any key may ask: the token will be bound to it.", s => s.Proof.Key = Keys.Thief);
        Good("token-request-with-rsa", "DPOP-AS-02, DPOP-V-05", "A proof with PS256.", s => s.Proof.Key = Keys.ClientRsa);
        Good("token-request-stray-ath", "DPOP-AS-02", "A stray ath is ignored.", s => s.Proof.Claim("ath", "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"));
        Good("token-request-at-the-alias", "DPOP-AS-40, RFC 8705 §5", "The client uses the alias host of the endpoint.", s =>
        {
            s.Policy["origins"] = new JsonArray(Scene.Issuer, "https://mtls.issuer.example.com");
            s.Proof.Claim("htu", "https://mtls.issuer.example.com/token");
        });
        Good("token-request-with-nonce", "RFC 9449 §8, DPOP-V-10", "The nonce given out at present.", s => s.UseNonce("always", Nonces.At(Scene.Start, authorizationServer: true)));
        Good("token-request-nonce-and-slow-clock", "DPOP-V-25", "The nonce forgives the clock.", s => { s.UseNonce("always", Nonces.At(Scene.Start, authorizationServer: true)); s.Proof.Claim("iat", Scene.Start - 600); });
        BadProof("token-request-without-proof", "DPOP-AS-14, RFC 9449 §5.2", "No DPoP field.", "proof_missing", s => s.Fields = _ => []);
        BadProof("token-request-two-proofs", "RFC 9449 §4.3 (1), DPOP-V-01", "Two DPoP lines.", "proof_repeated", s => s.Fields = f => [f[0], f[0]]);
        BadProof("token-request-empty-proof", "RFC 9449 §4.3 (2), DPOP-V-02", "An empty DPoP line.", "proof_malformed", s => s.Proof.Text = _ => "");
        BadProof("token-request-htm-get", "RFC 9449 §4.3 (8), DPOP-V-08", "htm is GET.", "method_mismatch", s => s.Proof.Claim("htm", "GET"));
        BadProof("token-request-htu-of-the-issuer", "RFC 9449 §4.3 (9), DPOP-V-09", "htu is the issuer instead of its token endpoint.", "target_mismatch", s => s.Proof.Claim("htu", Scene.Issuer));
        BadProof("token-request-htu-of-a-resource", "RFC 9449 §4.3 (9), DPOP-V-09", "A proof captured at a resource.", "target_mismatch", s => s.Proof.Claim("htu", "https://api.example.com/orders/7"));
        BadProof("token-request-client-assertion-as-proof", "RFC 9449 §4.3 (4), DPOP-V-04, AT-23", "typ is that of a client assertion.", "proof_type_wrong", s => s.Proof.Header("typ", "client-authentication+jwt"));
        BadProof("token-request-forged", "RFC 9449 §4.3 (6), DPOP-V-06", "Signed by another key than the one shown.", "proof_signature_invalid", s => s.Proof.Signer = Keys.Thief);
        BadProof("token-request-private-key", "RFC 9449 §4.3 (7), DPOP-V-07", "The whole private key in the proof.", "proof_key_private", s => s.Proof.Header("jwk", Keys.Client.Jwk));
        BadProof("token-request-late", "RFC 9449 §4.3 (11), DPOP-V-11", "61 seconds late.", "proof_expired", s => s.Proof.Claim("iat", Scene.Start - 61));
        BadProof("token-request-early", "RFC 9449 §4.3 (11), DPOP-V-24", "11 seconds early.", "proof_from_future", s => s.Proof.Claim("iat", Scene.Start + 11));
        BadProof("token-request-replayed", "RFC 9449 §11.1, DPOP-V-27", "The captured token request, again.", "proof_replayed", s => s.FirstTime = "accepted");
        Bad("token-request-nonce-missing", "RFC 9449 §8, DPOP-AS-21, DPOP-AS-28", "Nonces are asked for and the proof has none.", "nonce_missing", "use_dpop_nonce", s => s.UseNonce("always", null));
        Bad("token-request-nonce-stale", "RFC 9449 §8, DPOP-AS-22", "A nonce of ours from an hour ago.", "nonce_stale", "use_dpop_nonce", s => s.UseNonce("always", Nonces.At(Scene.Start - 3600, authorizationServer: true)));
        Bad("token-request-nonce-of-the-resource", "RFC 9449 §9, DPOP-RS-20", "A nonce of the resource server that shares the key.", "nonce_unknown", "use_dpop_nonce", s => s.UseNonce("always", Nonces.At(Scene.Start)));
        Bad("token-request-store-unavailable", "DPOP-V-32", "Without an answer of the store nothing is accepted.", "replay_store_unavailable", "temporarily_unavailable", s => s.Policy["replayStore"] = "unavailable");
        BadProof("token-request-alg-not-on-the-list", "RFC 9449 §4.3 (5), DPOP-V-05, DPOP-AS-13", "A server that accepts PS256 only.", "proof_algorithm_not_allowed", s => s.Policy["algorithms"] = new JsonArray("PS256"));
    }
}
