namespace Holdfast.Core.Tests.Proof;

/// <summary>Nonces that are not this process's own: there may be none, or they may be demanded for a while.</summary>
public sealed class SharedNoncesTests : IDPoPNonces
{
    private readonly ProofBench _bench = new();

    public string? Current { get; set; } = "a-nonce";

    public bool AreDemanded { get; set; }

    public NonceStatus Check(ReadOnlySpan<char> nonce, out FreshnessAnchor anchor)
    {
        anchor = new(_bench.Time.GetUtcNow(), FromNonce: true, NonceEpoch: 42);
        return nonce is "a-nonce" ? NonceStatus.Current : NonceStatus.Unknown;
    }

    // DPOP-V-32
    [Theory]
    [InlineData(false, null)]
    [InlineData(true, VerificationFailure.NonceMissing)]
    public void Challenges_a_proof_without_a_nonce_while_nonces_are_demanded(bool areDemanded, VerificationFailure? expected)
    {
        AreDemanded = areDemanded;

        ProofOutcome outcome = Verify(_bench.Proof());

        (outcome.Passed ? (VerificationFailure?)null : outcome.Recorded!.Failure).ShouldBe(expected);
        outcome.OfferNonce.ShouldBe(areDemanded ? "a-nonce" : null);
        Verify(_bench.Proof().With("nonce", "a-nonce")).Passed.ShouldBeTrue();
    }

    // DPOP-V-32
    [Theory]
    [InlineData(NonceMode.Always, null)]
    [InlineData(NonceMode.OnDemand, "foreign")]
    public void Refuses_what_only_a_nonce_would_mend_where_there_is_none_to_offer(NonceMode mode, string? nonce)
    {
        Current = null;
        ForgedProof proof = _bench.Proof();

        ProofOutcome outcome = Verify(nonce is null ? proof : proof.With("nonce", nonce), mode);

        outcome.Answered.ShouldBe(VerificationFailure.ReplayStoreUnavailable);
        outcome.OfferNonce.ShouldBeNull();
        FailureCatalog.Get(outcome.Answered).ResourceStatus.ShouldBe(503);
    }

    // DPOP-V-28: the store must know which records the nonce vouches for.
    [Fact]
    public async Task Files_the_proof_with_the_epoch_of_its_nonce()
    {
        DPoPProofVerifier verifier = Verifier(NonceMode.OnDemand);
        ProofOutcome outcome = verifier.Verify(_bench.Proof().With("nonce", "a-nonce").Sign(), "GET", Targets, AccessTokenHash.Of(ProofBench.Token), null);
        await verifier.SpendAsync(outcome, null, CancellationToken.None);

        _bench.Filed.ShouldHaveSingleItem().Anchor.NonceEpoch.ShouldBe(42);
    }

    private static HttpTarget[] Targets => HttpTarget.TryParse(ProofBench.Url, out HttpTarget target) ? [target] : [];

    private DPoPProofVerifier Verifier(NonceMode mode) => new(VerifierRole.ResourceServer, new DPoPProofPolicy { NonceMode = mode }, _bench.Clock, _bench, this);

    private ProofOutcome Verify(ForgedProof proof, NonceMode mode = NonceMode.OnDemand) =>
        Verifier(mode).Verify(proof.Sign(), "GET", Targets, AccessTokenHash.Of(ProofBench.Token), null);
}
