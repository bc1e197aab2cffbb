using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Holdfast.Core.Tests;

/// <summary>What was accepted once saves reading a header again, and no check.</summary>
public class AcceptedKeyTests
{
    private readonly ProofBench _bench = new();
    private readonly JwkThumbprint _jkt;

    public AcceptedKeyTests()
    {
        _jkt = _bench.Proof().Thumbprint;
        _bench.Accept(_bench.Proof().Sign());
    }

    [Fact]
    public void Accepts_the_next_proof_and_passes_the_same_checks()
    {
        var trace = new VerificationTrace();
        HttpTarget.TryParse(ProofBench.Url, out HttpTarget target);
        ProofOutcome outcome = _bench.Verifier.Verify(_bench.Proof().Sign(), "GET", [target], AccessTokenHash.Of(ProofBench.Token), _jkt, trace);
        outcome.Passed.ShouldBeTrue();
        outcome.Proof!.Thumbprint.ShouldBe(_jkt);
        trace.Passed.ShouldBe(CheckCatalog.All.Select(check => check.Check).Where(check => check is >= VerificationCheck.OneProof and < VerificationCheck.Replay));
    }

    // DPOP-V-03, DPOP-V-08, DPOP-V-09, DPOP-V-11, DPOP-V-12
    [Theory]
    [InlineData("htm", "\"POST\"", VerificationFailure.MethodMismatch)]
    [InlineData("htu", "\"https://api.example.com/other\"", VerificationFailure.TargetMismatch)]
    [InlineData("ath", "\"AA\"", VerificationFailure.TokenHashMismatch)]
    [InlineData("iat", "1", VerificationFailure.ProofExpired)]
    [InlineData("jti", "7", VerificationFailure.ProofClaimMalformed)]
    [InlineData("nonce", "\"foreign\"", VerificationFailure.NonceUnknown)]
    public void Refuses_a_bad_claim_all_the_same(string claim, string value, VerificationFailure expected) =>
        _bench.Judge(_bench.Proof().With(claim, JsonNode.Parse(value)).Sign(), boundTo: _jkt).ShouldBe(expected);

    // DPOP-V-33
    [Fact]
    public void Refuses_a_bad_payload_all_the_same()
    {
        ForgedProof proof = _bench.Proof();
        _bench.Judge(proof.Sign(proof.Header.ToJsonString(), "{\"a\":1,\"a\":2}"), boundTo: _jkt).ShouldBe(VerificationFailure.ProofMemberRepeated);
        _bench.Judge(proof.Sign(proof.Header.ToJsonString(), "[]"), boundTo: _jkt).ShouldBe(VerificationFailure.ProofMalformed);
    }

    // DPOP-V-06
    [Fact]
    public void Refuses_a_foreign_signature_under_the_accepted_header()
    {
        using ECDsa thief = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ForgedProof honest = _bench.Proof();
        var forged = new ForgedProof(thief, "GET", ProofBench.Url, _bench.Time.GetUtcNow(), ProofBench.Token);
        _bench.Judge(forged.Sign(honest.Header.ToJsonString(), honest.Payload.ToJsonString()), boundTo: _jkt).ShouldBe(VerificationFailure.ProofSignatureInvalid);
    }

    // DPOP-V-13
    [Fact]
    public void Refuses_the_accepted_header_for_a_token_of_another_key() =>
        _bench.Judge(_bench.Proof().Sign(), boundTo: new JwkThumbprint(RandomNumberGenerator.GetBytes(32))).ShouldBe(VerificationFailure.KeyMismatch);

    // DPOP-V-04, DPOP-V-07, DPOP-V-35
    [Fact]
    public void Reads_any_other_header_of_the_same_key_in_full()
    {
        _bench.Judge(_bench.Proof().WithHeader("typ", "JWT").Sign(), boundTo: _jkt).ShouldBe(VerificationFailure.ProofTypeWrong);
        _bench.Judge(_bench.Proof().WithHeader("crit", new JsonArray()).Sign(), boundTo: _jkt).ShouldBe(VerificationFailure.ProofCriticalUnsupported);
        ForgedProof leaking = _bench.Proof();
        leaking.Header["jwk"]!["d"] = "AA";
        _bench.Judge(leaking.Sign(), boundTo: _jkt).ShouldBe(VerificationFailure.ProofKeyPrivate);
        _bench.Judge(_bench.Proof().WithHeader("kid", "mine").Sign(), boundTo: _jkt).ShouldBeNull();
    }
}
