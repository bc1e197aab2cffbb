namespace Holdfast.Vectors.Cases;

/// <summary>Nonces at the resource: step 10, and the anchor they give.</summary>
internal sealed class NonceCases : CaseTable
{
    private const string Step = "RFC 9449 §4.3 (10), DPOP-V-10";

    public NonceCases() : base("freshness")
    {
        Good("nonce-current", Step, "The nonce given out at present.", s => s.UseNonce("always", Nonces.At(Scene.Start)));
        Good("nonce-previous", Step + ", DPOP-AS-29", "The nonce given out a minute before is still alive.", s => s.UseNonce("always", Nonces.At(Scene.Start - 60)));
        Good("nonce-in-its-last-second", Step + ", DPOP-AS-29", "A nonce 119 seconds after the start of its generation.", s => { s.Now = Scene.Start + 59; s.UseNonce("always", Nonces.At(Scene.Start - 60)); });
        Bad("nonce-a-second-too-late", Step + ", DPOP-AS-29", "A nonce 120 seconds after the start of its generation.", "nonce_stale", "use_dpop_nonce", s => { s.Now = Scene.Start + 60; s.UseNonce("always", Nonces.At(Scene.Start - 60)); });
        Bad("nonce-stale", Step, "A nonce of ours from an hour ago.", "nonce_stale", "use_dpop_nonce", s => s.UseNonce("always", Nonces.At(Scene.Start - 3600)));
        Bad("nonce-missing", "RFC 9449 §9, RFC 9449 §11.3, DPOP-RS-22, DPOP-RS-13, DPOP-RS-19, DPOP-V-03", "Nonces are asked for and the proof has none.", "nonce_missing", "use_dpop_nonce", s => s.UseNonce("always", null));
        Bad("nonce-from-the-future", Step, "A nonce that was not given out yet.", "nonce_unknown", "use_dpop_nonce", s => s.UseNonce("always", Nonces.At(Scene.Start + 60)));
        Bad("nonce-of-the-other-role", "RFC 9449 §9, DPOP-RS-20", "A nonce of the authorization server that shares the key.", "nonce_unknown", "use_dpop_nonce", s => s.UseNonce("always", Nonces.At(Scene.Start, authorizationServer: true)));
        Bad("nonce-of-another-server", "RFC 9449 §9, DPOP-RS-20", "A nonce under another key.", "nonce_unknown", "use_dpop_nonce", s => s.UseNonce("always", Nonces.At(Scene.Start, keyHex: new string('7', 64))));
        Bad("nonce-of-the-rfc", Step, "The nonce printed in RFC 9449 §8.", "nonce_unknown", "use_dpop_nonce", s => s.UseNonce("always", "eyJ7S_zG.eyJH0-Z.HX4w-7v"));
        Bad("nonce-changed", Step + ", DPOP-V-39", "One character of the nonce differs.", "nonce_unknown", "use_dpop_nonce", s => s.UseNonce("always", Flip(Nonces.At(Scene.Start))));
        Bad("nonce-cut-short", Step + ", DPOP-V-39", "The nonce without its last character.", "nonce_unknown", "use_dpop_nonce", s => s.UseNonce("always", Nonces.At(Scene.Start)[..^1]));
        Bad("nonce-with-space", Step + ", DPOP-V-39", "A space behind the nonce.", "nonce_unknown", "use_dpop_nonce", s => s.UseNonce("always", Nonces.At(Scene.Start) + " "));
        Bad("nonce-padded", Step + ", DPOP-V-39", "The nonce with base64url padding.", "nonce_unknown", "use_dpop_nonce", s => s.UseNonce("always", Nonces.At(Scene.Start) + "="));
        BadProof("nonce-empty", "RFC 9449 §8.1, DPOP-AS-25", "An empty nonce is none that any server may give out.", "proof_claim_malformed", s => s.UseNonce("always", ""));
        BadProof("nonce-number", "RFC 9449 §4.2, DPOP-V-03", "nonce is a number.", "proof_claim_malformed", s => { s.UseNonce("always", null); s.Proof.Claim("nonce", 7); });
        BadProof("nonce-too-long", "DPOP-V-33", "A nonce of 513 characters.", "proof_claim_malformed", s => s.UseNonce("always", new string('n', 513)));

        Good("nonce-forgives-a-slow-clock", "DPOP-V-25, RFC 9449 §11.1", "The client's clock is an hour behind; the nonce says when.", s => { s.UseNonce("always", Nonces.At(Scene.Start)); s.Proof.Claim("iat", Scene.Start - 3600); });
        Good("nonce-forgives-a-fast-clock", "DPOP-V-25, RFC 9449 §11.1", "The client's clock is a day ahead; the nonce says when.", s => { s.UseNonce("always", Nonces.At(Scene.Start)); s.Proof.Claim("iat", Scene.Start + 86_400); });
        BadProof("nonce-does-not-forgive-a-missing-iat", "DPOP-V-26", "iat is required even when the nonce says when.", "proof_claim_missing", s => { s.UseNonce("always", Nonces.At(Scene.Start)); s.Proof.NoClaim("iat"); });
        BadProof("nonce-does-not-forgive-a-bad-iat", "DPOP-V-26", "iat is a number even when the nonce says when.", "proof_claim_malformed", s => { s.UseNonce("always", Nonces.At(Scene.Start)); s.Proof.Claim("iat", "now"); });
        BadProof("nonce-does-not-forgive-a-signature", "DPOP-V-06", "A good nonce in a forged proof.", "proof_signature_invalid", s => { s.UseNonce("always", Nonces.At(Scene.Start)); s.Proof.Signer = Keys.Thief; });

        Good("on-demand-without-nonce", "DPOP-AS-20", "Nonces on demand: a fresh proof needs none.", s => s.UseNonce("on-demand", null));
        Good("on-demand-with-nonce", Step, "Nonces on demand: one is welcome.", s => s.UseNonce("on-demand", Nonces.At(Scene.Start)));
        Good("on-demand-nonce-and-slow-clock", "DPOP-V-25", "The retry after such a challenge.", s => { s.UseNonce("on-demand", Nonces.At(Scene.Start)); s.Proof.Claim("iat", Scene.Start - 3600); });
        Bad("on-demand-slow-clock", "RFC 9449 §11.1, DPOP-V-11, DPOP-V-25", "Recorded as expired; answered with a nonce, which forgives clocks.", "proof_expired", "use_dpop_nonce", s => { s.UseNonce("on-demand", null); s.Proof.Claim("iat", Scene.Start - 61); });
        Bad("on-demand-fast-clock", "RFC 9449 §11.1, DPOP-V-24, DPOP-V-25", "Recorded as from the future; answered with a nonce.", "proof_from_future", "use_dpop_nonce", s => { s.UseNonce("on-demand", null); s.Proof.Claim("iat", Scene.Start + 11); });
        Bad("on-demand-nonce-stale", Step, "A stale nonce is challenged, never judged by iat instead.", "nonce_stale", "use_dpop_nonce", s => s.UseNonce("on-demand", Nonces.At(Scene.Start - 120)));
        Bad("on-demand-nonce-unknown", Step, "An unknown nonce is challenged, never judged by iat instead.", "nonce_unknown", "use_dpop_nonce", s => s.UseNonce("on-demand", "somebody-elses"));
        BadProof("on-demand-slow-clock-forged", "DPOP-V-06", "A forged proof gets no nonce for being old.", "proof_signature_invalid", s => { s.UseNonce("on-demand", null); s.Proof.Claim("iat", Scene.Start - 61); s.Proof.Signer = Keys.Thief; });
        BadProof("on-demand-own-exp-past", "RFC 7519 §4.1.4", "Past its own exp: no nonce mends that.", "proof_expired", s => { s.UseNonce("on-demand", Nonces.At(Scene.Start)); s.Proof.Claim("exp", Scene.Start - 30); });
        Good("off-nonce-ignored", "RFC 9449 §8", "A server that gives out no nonces ignores one.", s => s.Proof.Claim("nonce", "somebody-elses"));
        BadProof("off-nonce-forgives-nothing", "DPOP-V-11", "A server that gives out no nonces judges by iat.", "proof_expired", s => { s.Policy["nonceKey"] = Nonces.KeyHex; s.Proof.Claim("nonce", Nonces.At(Scene.Start)).Claim("iat", Scene.Start - 61); });
    }

    private static string Flip(string nonce) => nonce[..10] + (nonce[10] == 'A' ? 'B' : 'A') + nonce[11..];
}
