using System.Text.Json.Nodes;

namespace Holdfast.Vectors.Cases;

/// <summary>iat and exp without nonces: step 11.</summary>
internal sealed class FreshnessCases : CaseTable
{
    private const string Window = "RFC 9449 §4.3 (11), DPOP-V-11, DPOP-V-23";

    public FreshnessCases() : base("freshness")
    {
        Good("iat-59-seconds-ago", Window, "One second inside the window.", s => Iat(s, -59));
        Good("iat-60-seconds-ago", Window, "On the edge of the window.", s => Iat(s, -60));
        BadProof("iat-61-seconds-ago", Window, "One second past the window.", "proof_expired", s => Iat(s, -61));
        BadProof("iat-a-year-ago", Window, "A proof from an old log.", "proof_expired", s => Iat(s, -31_536_000));
        BadProof("iat-zero", Window, "1970.", "proof_expired", s => s.Proof.Claim("iat", 0));
        Good("iat-9-seconds-ahead", "DPOP-V-24", "A clock a little ahead.", s => Iat(s, 9));
        Good("iat-10-seconds-ahead", "DPOP-V-24", "On the edge of the tolerance.", s => Iat(s, 10));
        BadProof("iat-11-seconds-ahead", "DPOP-V-24, RFC 9449 §11.1", "One second past the tolerance.", "proof_from_future", s => Iat(s, 11));
        BadProof("iat-an-hour-ahead", "DPOP-V-24, RFC 9449 §11.1", "A proof made for later.", "proof_from_future", s => Iat(s, 3600));
        BadProof("iat-in-milliseconds", "DPOP-V-24, DPOP-V-26", "Milliseconds instead of seconds: the year 57971 is no time at all.", "proof_claim_malformed", s => s.Proof.Claim("iat", Scene.Start * 1000));
        Good("iat-with-fraction", "DPOP-V-26, RFC 7519 §2", "NumericDate may have a fraction.", s => s.Proof.Claim("iat", Scene.Start - 0.5));
        Good("iat-with-exponent", "DPOP-V-26, RFC 8259 §6", "A number is a number however it is spelled.", s => s.Proof.PayloadJson = j => j.Replace("1767225600", "17672256e2", StringComparison.Ordinal));
        BadProof("iat-fraction-past-the-window", Window, "60 and a half seconds ago.", "proof_expired", s => s.Proof.Claim("iat", Scene.Start - 60.5));
        BadProof("iat-string", "DPOP-V-26", "iat is a string.", "proof_claim_malformed", s => s.Proof.Claim("iat", "1767225600"));
        BadProof("iat-null", "DPOP-V-26", "iat is null.", "proof_claim_malformed", s => s.Proof.Claim("iat", null));
        BadProof("iat-true", "DPOP-V-26", "iat is true.", "proof_claim_malformed", s => s.Proof.Claim("iat", true));
        BadProof("iat-array", "DPOP-V-26", "iat is an array with the right number in it.", "proof_claim_malformed", s => s.Proof.Claim("iat", new JsonArray(Scene.Start)));
        BadProof("iat-negative", "DPOP-V-26", "iat is negative.", "proof_claim_malformed", s => s.Proof.Claim("iat", -1));
        BadProof("iat-overflow", "DPOP-V-26", "iat is beyond any number type.", "proof_claim_malformed", s => s.Proof.PayloadJson = j => j.Replace("1767225600", "1e999", StringComparison.Ordinal));
        BadProof("iat-not-a-number", "DPOP-V-26, RFC 8259 §6", "NaN is no JSON.", "proof_malformed", s => s.Proof.PayloadJson = j => j.Replace("1767225600", "NaN", StringComparison.Ordinal));
        BadProof("iat-with-leading-zero", "DPOP-V-26, RFC 8259 §6", "A leading zero is no JSON.", "proof_malformed", s => s.Proof.PayloadJson = j => j.Replace("1767225600", "01767225600", StringComparison.Ordinal));

        Good("exp-ahead", "RFC 7519 §4.1.4", "A proof that says when it ends.", s => s.Proof.Claim("exp", Scene.Start + 30));
        BadProof("exp-past", "RFC 7519 §4.1.4, RFC 9449 §4.3 (11)", "Past its own exp by more than the tolerance, though iat is fresh.", "proof_expired", s => { Iat(s, -50); s.Proof.Claim("exp", Scene.Start - 30); });
        BadProof("exp-string", "RFC 7519 §4.1.4", "exp is a string.", "proof_claim_malformed", s => s.Proof.Claim("exp", "1767225660"));
    }

    private static void Iat(Scene s, long offset) => s.Proof.Claim("iat", Scene.Start + offset);
}
