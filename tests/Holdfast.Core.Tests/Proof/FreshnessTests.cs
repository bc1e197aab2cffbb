namespace Holdfast.Core.Tests;

public class FreshnessTests
{
    private static readonly TimeSpan Past = DPoPProofPolicy.PastWindow, Future = DPoPProofPolicy.FutureWindow;

    // DPOP-V-11, DPOP-V-23
    [Theory]
    [InlineData(-59, null)]
    [InlineData(-60, null)]
    [InlineData(-61, VerificationFailure.ProofExpired)]
    [InlineData(9, null)]
    [InlineData(10, null)]
    [InlineData(11, VerificationFailure.ProofFromFuture)]
    public void Judges_iat_by_the_window(int seconds, VerificationFailure? expected)
    {
        var bench = new ProofBench(NonceMode.Off);
        long iat = bench.Time.GetUtcNow().ToUnixTimeSeconds() + seconds;
        bench.Judge(bench.Proof().With("iat", iat).Sign()).ShouldBe(expected);
    }

    [Fact]
    public void Says_how_old_the_proof_is()
    {
        var bench = new ProofBench(NonceMode.Off);
        Refusal refusal = bench.Verify(bench.Proof().With("iat", bench.Time.GetUtcNow().ToUnixTimeSeconds() - 90).Sign()).Recorded!;
        refusal.Seen!.ShouldContain("90 s old");
    }

    // DPOP-V-11: recorded as the clock's fault, answered with a nonce.
    [Fact]
    public void Answers_a_proof_whose_only_fault_is_the_clock_with_a_challenge()
    {
        var bench = new ProofBench(NonceMode.OnDemand);
        ProofOutcome outcome = bench.Verify(bench.Proof().With("iat", bench.Time.GetUtcNow().ToUnixTimeSeconds() - 3600).Sign());
        outcome.Recorded!.Failure.ShouldBe(VerificationFailure.ProofExpired);
        FailureCatalog.Get(outcome.Answered).WireError.ShouldBe("use_dpop_nonce");
        outcome.OfferNonce.ShouldBe(bench.Nonces.Current);
    }

    [Fact]
    public void Does_not_blame_the_clock_for_a_forged_proof()
    {
        var bench = new ProofBench(NonceMode.OnDemand);
        string proof = bench.Proof().With("iat", 1).Sign();
        bench.Judge(proof[..(proof.LastIndexOf('.') + 1)] + new string('A', 86)).ShouldBe(VerificationFailure.ProofSignatureInvalid);
    }

    // DPOP-V-25
    [Fact]
    public void Forgives_the_clock_of_a_client_that_has_a_nonce()
    {
        var bench = new ProofBench(NonceMode.OnDemand);
        ProofOutcome outcome = bench.Verify(bench.Proof().With("iat", 0).With("nonce", bench.Nonces.Current).Sign());
        outcome.Passed.ShouldBeTrue();
        outcome.Proof!.Anchor.FromNonce.ShouldBeTrue();
    }

    // DPOP-V-10, DPOP-RS-22
    [Fact]
    public void Challenges_a_proof_without_nonce_where_nonces_are_always_asked_for()
    {
        var bench = new ProofBench(NonceMode.Always);
        ProofOutcome outcome = bench.Verify(bench.Proof().Sign());
        outcome.Answered.ShouldBe(VerificationFailure.NonceMissing);
        outcome.OfferNonce.ShouldBe(bench.Nonces.Current);
        bench.Judge(bench.Proof().With("nonce", bench.Nonces.Current).Sign()).ShouldBeNull();
    }

    // DPOP-V-10
    [Theory]
    [InlineData(NonceMode.Always)]
    [InlineData(NonceMode.OnDemand)]
    public void Challenges_a_foreign_nonce_and_never_judges_it_by_iat(NonceMode mode)
    {
        var bench = new ProofBench(mode);
        string foreign = new ProofBench(mode).Nonces.Current!;
        bench.Verify(bench.Proof().With("nonce", foreign).Sign()).Answered.ShouldBe(VerificationFailure.NonceUnknown);
        bench.Verify(bench.Proof().With("nonce", "ü").Sign()).Answered.ShouldBe(VerificationFailure.NonceUnknown);
    }

    // DPOP-AS-22
    [Fact]
    public void Challenges_a_stale_nonce_and_offers_a_new_one_while_the_old_is_still_good()
    {
        var bench = new ProofBench(NonceMode.OnDemand);
        string nonce = bench.Nonces.Current!;
        bench.Verify(bench.Proof().With("nonce", nonce).Sign()).OfferNonce.ShouldBeNull();
        bench.Time.Advance(DPoPNonces.GenerationLength);
        ProofOutcome aging = bench.Verify(bench.Proof().With("nonce", nonce).Sign());
        aging.Passed.ShouldBeTrue();
        aging.OfferNonce.ShouldBe(bench.Nonces.Current);
        bench.Time.Advance(DPoPNonces.GenerationLength);
        bench.Verify(bench.Proof().With("nonce", nonce).Sign()).Answered.ShouldBe(VerificationFailure.NonceStale);
    }

    [Fact]
    public void Ignores_nonces_where_none_are_issued()
    {
        var bench = new ProofBench(NonceMode.Off);
        ProofOutcome outcome = bench.Verify(bench.Proof().With("nonce", "left-over").Sign());
        outcome.Passed.ShouldBeTrue();
        outcome.Proof!.Anchor.FromNonce.ShouldBeFalse();
    }

    // Divergence D17
    [Theory]
    [InlineData(-9, null)]
    [InlineData(-10, VerificationFailure.ProofExpired)]
    [InlineData(5, null)]
    public void Honours_an_exp_that_the_client_set(int seconds, VerificationFailure? expected)
    {
        var bench = new ProofBench();
        bench.Judge(bench.Proof().With("exp", bench.Time.GetUtcNow().ToUnixTimeSeconds() + seconds).Sign()).ShouldBe(expected);
    }

    [Fact]
    public void Windows_are_those_of_the_design() => (Past.TotalSeconds, Future.TotalSeconds).ShouldBe((60, 10));
}
