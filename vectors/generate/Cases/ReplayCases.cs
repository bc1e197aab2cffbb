namespace Holdfast.Vectors.Cases;

/// <summary>What came before: RFC 9449 §11.1.</summary>
internal sealed class ReplayCases : CaseTable
{
    private const string Once = "RFC 9449 §11.1, DPOP-V-27";

    public ReplayCases() : base("replay")
    {
        BadProof("replay-at-once", Once, "The captured request, again.", "proof_replayed", s => s.FirstTime = "accepted");
        BadProof("replay-at-the-end-of-the-window", Once + ", DPOP-V-28", "The captured request again, 60 seconds later.", "proof_replayed",
            s => { s.Now += 60; s.Proof.Claim("iat", Scene.Start); s.FirstTime = "accepted"; s.FirstTimeAt = Scene.Start; });
        BadProof("replay-of-a-proof-made-ahead", Once + ", DPOP-V-28", "Made 10 seconds ahead and replayed 70 seconds later: the record lives as long as the proof would.", "proof_replayed",
            s => { s.Now += 70; s.Proof.Claim("iat", Scene.Start + 10); s.FirstTime = "accepted"; s.FirstTimeAt = Scene.Start; });
        BadProof("replay-with-nonce", Once + ", DPOP-V-25", "A proof with a nonce, again.", "proof_replayed", s => { s.UseNonce("always", Nonces.At(Scene.Start)); s.FirstTime = "accepted"; });
        BadProof("replay-with-nonce-and-slow-clock", Once + ", DPOP-V-28", "A proof that only its nonce makes fresh, again, just before the nonce ends.", "proof_replayed", s =>
        {
            s.Now += 119;
            s.UseNonce("always", Nonces.At(Scene.Start));
            s.Proof.Claim("iat", Scene.Start - 3600);
            (s.FirstTime, s.FirstTimeAt) = ("accepted", Scene.Start);
        });
        BadProof("replay-signed-anew", Once + ", DPOP-V-31", "The same jti in a proof signed anew a second later.", "proof_replayed",
            s => { s.Precede("accepted", _ => { }); s.Now += 1; });
        BadProof("replay-with-other-s", Once + ", DPOP-V-31", "The captured proof with n - s for s: other octets, the same proof.", "proof_replayed",
            s => { s.Precede("accepted", _ => { }); s.Proof.Signature = ProofSignatureCases.Malleate; });
        BadProof("replay-htu-respelled", Once + ", DPOP-V-31", "The same jti with htu spelled in another way.", "proof_replayed",
            s => { s.Precede("accepted", _ => { }); s.Proof.Claim("htu", "HTTPS://API.example.com:443/x/../%6Frders/7?q#f"); });
        BadProof("replay-with-another-token", Once + ", DPOP-V-31", "The same jti beside another token of the same key: one jti, one request.", "proof_replayed",
            s => { s.Precede("accepted", _ => { }); s.Token.Claim("jti", "another"); });
        Good("same-jti-at-another-url", Once + ", DPOP-V-31", "The same jti for another URL is another proof.", s => s.Precede("accepted", earlier => earlier.Url = "https://api.example.com/orders/8"));
        Good("same-jti-with-another-method", Once + ", DPOP-V-31", "The same jti for another method is another proof.", s => s.Precede("accepted", earlier => earlier.Method = "POST"));
        Good("same-jti-by-another-key", Once + ", DPOP-V-31", "Two clients may use one jti.", s => s.Precede("accepted", earlier => earlier.BoundTo = earlier.Proof.Key = Keys.Stranger));
        Good("another-jti", Once, "The next proof of the same client.", s => s.Precede("accepted", earlier => earlier.Proof.Claim("jti", "another")));
        Good("jti-differs-in-case", Once, "jti is compared exactly.", s => { s.Proof.Claim("jti", "JTI"); s.Precede("accepted", earlier => earlier.Proof.Claim("jti", "jti")); });

        Good("jti-not-burnt-by-a-forged-proof", "DPOP-V-15", "A forged proof with this jti came first and was refused.", s => s.Precede("proof_signature_invalid", earlier => earlier.Proof.Signer = Keys.Thief));
        Good("jti-not-burnt-by-another-url", "DPOP-V-15", "The proof came first at another URL and was refused.", s => s.Precede("target_mismatch", earlier => { earlier.Proof.Claim("htu", earlier.Url); earlier.Url = "https://api.example.com/admin"; }));
        Good("jti-not-burnt-by-a-bearer-attempt", "DPOP-V-15", "The token came first as Bearer, with this jti's proof, and was refused.", s => s.Precede("bound_token_as_bearer", earlier => earlier.Scheme = "Bearer"));
        Good("jti-not-burnt-by-a-bad-token", "DPOP-V-15", "The proof came first beside a forged token and was refused.", s => s.Precede("token_signature_invalid", earlier => earlier.Token.Signer = Keys.Stranger));
        Good("jti-not-burnt-by-a-nonce-challenge", "DPOP-V-15", "The first attempt was challenged for a nonce; the client kept its jti.", s =>
        {
            s.UseNonce("always", Nonces.At(Scene.Start));
            s.Precede("nonce_missing", _ => { });
        });

        Bad("store-unavailable", "DPOP-V-32", "Without an answer of the store nothing is accepted.", "replay_store_unavailable", "temporarily_unavailable", s => s.Policy["replayStore"] = "unavailable");
        Bad("store-full", "DPOP-V-32", "A live record is never evicted for a new one.", "replay_store_full", "temporarily_unavailable", s => s.Policy["replayStore"] = "full");
        Bad("store-fenced", "DPOP-V-29", "A predecessor of this process may have accepted the proof; without nonces the client has to wait.", "proof_fenced", "temporarily_unavailable", s => s.Policy["replayStore"] = "fenced");
        Bad("store-fenced-with-nonces", "DPOP-V-29", "A predecessor may have accepted the proof: recorded as fenced, answered with a nonce.", "proof_fenced", "use_dpop_nonce",
            s => { s.Policy["replayStore"] = "fenced"; s.UseNonce("on-demand", null); });
    }
}
