namespace Holdfast.Core.Tests;

public class SpendingTests
{
    private static async Task<ProofOutcome> Spend(ProofBench bench, string? proof = null) =>
        await bench.Verifier.SpendAsync(bench.Verify(proof ?? bench.Proof().Sign()), null, TestContext);

    private static CancellationToken TestContext => CancellationToken.None;

    // DPOP-V-15
    [Fact]
    public async Task Files_nothing_for_a_proof_that_failed()
    {
        var bench = new ProofBench();
        ProofOutcome outcome = await Spend(bench, bench.Proof().With("htm", "POST").Sign());
        outcome.Passed.ShouldBeFalse();
        bench.Filed.ShouldBeEmpty();
    }

    // DPOP-V-31
    [Fact]
    public async Task Files_a_respelled_proof_in_the_same_place()
    {
        var bench = new ProofBench();
        ForgedProof proof = bench.Proof();
        await Spend(bench, proof.Sign());
        await Spend(bench, proof.Sign());
        await Spend(bench, proof.With("htu", ProofBench.Url.Replace("orders", "%6frders") + "?x=1").Sign());
        bench.Filed.Count.ShouldBe(3);
        bench.Filed.Distinct().Count().ShouldBe(1);
    }

    // DPOP-V-31
    [Fact]
    public async Task Files_different_proofs_in_different_places()
    {
        var bench = new ProofBench();
        await Spend(bench);
        await Spend(bench);
        bench.Filed.Select(record => record.Key).Distinct().Count().ShouldBe(2);
        bench.Filed.Select(record => record.Owner).Distinct().Count().ShouldBe(1);
    }

    // DPOP-V-28
    [Fact]
    public async Task Anchors_the_record_in_the_proof_and_never_in_now()
    {
        var bench = new ProofBench();
        string proof = bench.Proof().Sign();
        await Spend(bench, proof);
        bench.Time.Advance(TimeSpan.FromSeconds(30));
        await Spend(bench, proof);
        bench.Filed[0].ShouldBe(bench.Filed[1]);
    }

    // DPOP-V-27, DPOP-V-32
    [Theory]
    [InlineData(ReplayResult.Replayed, VerificationFailure.ProofReplayed, "invalid_dpop_proof")]
    [InlineData(ReplayResult.Full, VerificationFailure.ReplayStoreFull, "temporarily_unavailable")]
    [InlineData(ReplayResult.Unavailable, VerificationFailure.ReplayStoreUnavailable, "temporarily_unavailable")]
    public async Task Refuses_by_the_answer_of_the_store(ReplayResult answer, VerificationFailure expected, string wireError)
    {
        var bench = new ProofBench { Answer = answer };
        ProofOutcome outcome = await Spend(bench);
        outcome.Recorded!.Failure.ShouldBe(expected);
        FailureCatalog.Get(outcome.Answered).WireError.ShouldBe(wireError);
    }

    [Fact]
    public async Task Challenges_a_fenced_proof_where_nonces_can_mend_it()
    {
        ProofOutcome fenced = await Spend(new ProofBench { Answer = ReplayResult.Fenced });
        fenced.Recorded!.Failure.ShouldBe(VerificationFailure.ProofFenced);
        fenced.Answered.ShouldBe(VerificationFailure.NonceMissing);
        fenced.OfferNonce.ShouldNotBeNull();

        ProofOutcome off = await Spend(new ProofBench(NonceMode.Off) { Answer = ReplayResult.Fenced });
        FailureCatalog.Get(off.Answered).ResourceStatus.ShouldBe(503);
    }

    [Fact]
    public async Task Verifies_with_the_kept_key_as_with_a_fresh_one()
    {
        var bench = new ProofBench();
        (await Spend(bench)).Passed.ShouldBeTrue();
        (await Spend(bench)).Passed.ShouldBeTrue();
        string proof = bench.Proof().Sign();
        bench.Judge(proof[..(proof.LastIndexOf('.') + 1)] + new string('A', 86)).ShouldBe(VerificationFailure.ProofSignatureInvalid);
        (await Spend(bench)).Passed.ShouldBeTrue();
    }

    [Fact]
    public void A_default_outcome_has_not_passed() => default(ProofOutcome).Passed.ShouldBeFalse();
}
