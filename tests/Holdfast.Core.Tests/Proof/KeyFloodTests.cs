using System.Security.Cryptography;

namespace Holdfast.Core.Tests;

/// <summary>Strangers with fresh keys leave no trace among the keys that are kept, however many they are.</summary>
public class KeyFloodTests
{
    private const int Kept = 4;

    private readonly ProofBench _bench = new();
    private readonly DPoPProofVerifier _verifier;

    public KeyFloodTests() => _verifier = new DPoPProofVerifier(VerifierRole.ResourceServer, new() { NonceMode = NonceMode.OnDemand, KeyCacheCapacity = Kept }, _bench.Clock, _bench, _bench.Nonces);

    private ProofOutcome Verify(ForgedProof proof, JwkThumbprint boundTo)
    {
        HttpTarget.TryParse(ProofBench.Url, out HttpTarget target).ShouldBeTrue();
        return _verifier.Verify(proof.Sign(), "GET", [target], AccessTokenHash.Of(ProofBench.Token), boundTo);
    }

    // DPOP-V-33
    [Fact]
    public async Task Proofs_of_foreign_keys_replays_and_refused_ones_evict_no_kept_key()
    {
        JwkThumbprint honest = _bench.Proof().Thumbprint;
        ProofOutcome first = Verify(_bench.Proof(), honest);
        first.Proof!.NewKey.ShouldNotBeNull();
        (await _verifier.SpendAsync(first, null, CancellationToken.None)).Passed.ShouldBeTrue();

        for (int i = 0; i < 5 * Kept; i++)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var stranger = new ForgedProof(key, "GET", ProofBench.Url, _bench.Time.GetUtcNow(), ProofBench.Token);
            Verify(stranger, honest).Recorded!.Failure.ShouldBe(VerificationFailure.KeyMismatch);
            // Good in itself, with a token of the stranger's own, and never let in: spent before, or no room for it.
            _bench.Answer = i % 2 == 0 ? ReplayResult.Replayed : ReplayResult.Full;
            (await _verifier.SpendAsync(Verify(stranger, stranger.Thumbprint), null, CancellationToken.None)).Passed.ShouldBeFalse();
        }
        _bench.Answer = ReplayResult.Added;

        ProofOutcome next = Verify(_bench.Proof(), honest);
        next.Passed.ShouldBeTrue();
        next.Proof!.NewKey.ShouldBeNull("the key of the honest caller is imported again");
    }
}
