using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Holdfast.Core.Tests;

public class ProofClaimsTests
{
    private readonly ProofBench _bench = new();

    // DPOP-V-03
    [Theory]
    [InlineData("jti")]
    [InlineData("htm")]
    [InlineData("htu")]
    [InlineData("iat")]
    public void Refuses_a_proof_that_lacks(string claim) =>
        _bench.Judge(_bench.Proof().Without(claim).Sign()).ShouldBe(VerificationFailure.ProofClaimMissing);

    // DPOP-V-03
    [Theory]
    [InlineData("jti")]
    [InlineData("htm")]
    [InlineData("htu")]
    [InlineData("iat")]
    [InlineData("ath")]
    [InlineData("nonce")]
    [InlineData("exp")]
    public void Refuses_a_claim_of_another_type(string claim)
    {
        _bench.Judge(_bench.Proof().With(claim, true).Sign()).ShouldBe(VerificationFailure.ProofClaimMalformed);
        _bench.Judge(_bench.Proof().With(claim, null).Sign()).ShouldBe(VerificationFailure.ProofClaimMalformed);
        _bench.Judge(_bench.Proof().With(claim, new JsonArray("x")).Sign()).ShouldBe(VerificationFailure.ProofClaimMalformed);
    }

    // DPOP-V-26
    [Theory]
    [InlineData("-1")]
    [InlineData("1e300")]
    [InlineData("99999999999999999999")]
    [InlineData("\"1767323045\"")]
    public void Refuses_an_iat_that_is_no_time(string iat)
    {
        ForgedProof proof = _bench.Proof();
        _bench.Judge(proof.With("iat", JsonNode.Parse(iat)).Sign()).ShouldBe(VerificationFailure.ProofClaimMalformed);
    }

    // DPOP-V-26
    [Fact]
    public void Demands_iat_even_with_a_nonce() =>
        _bench.Judge(_bench.Proof().With("nonce", _bench.Nonces.Current).Without("iat").Sign()).ShouldBe(VerificationFailure.ProofClaimMissing);

    [Fact]
    public void Accepts_an_iat_with_a_fraction() =>
        _bench.Judge(_bench.Proof().With("iat", _bench.Time.GetUtcNow().ToUnixTimeSeconds() + 0.25).Sign()).ShouldBeNull();

    // DPOP-V-30
    [Fact]
    public void Bounds_the_jti_exactly()
    {
        _bench.Judge(_bench.Proof().With("jti", new string('j', DPoPProofPolicy.MaxJtiLength)).Sign()).ShouldBeNull();
        _bench.Judge(_bench.Proof().With("jti", new string('j', DPoPProofPolicy.MaxJtiLength + 1)).Sign()).ShouldBe(VerificationFailure.ProofClaimMalformed);
        _bench.Judge(_bench.Proof().With("jti", "").Sign()).ShouldBe(VerificationFailure.ProofClaimMalformed);
    }

    // DPOP-V-08, DPOP-V-22
    [Theory]
    [InlineData("POST")]
    [InlineData("get")]
    [InlineData("GET ")]
    [InlineData("GE")]
    public void Refuses_another_method(string htm) =>
        _bench.Judge(_bench.Proof().With("htm", htm).Sign()).ShouldBe(VerificationFailure.MethodMismatch);

    // DPOP-V-09
    [Theory]
    [InlineData("https://api.example.com/orders/8")]
    [InlineData("https://api.example.com/orders/7/")]
    [InlineData("https://api.example.com/Orders/7")]
    [InlineData("http://api.example.com/orders/7")]
    [InlineData("https://api.example.com:8443/orders/7")]
    [InlineData("https://evil.example.com/orders/7")]
    [InlineData("https://api.example.com//orders/7")]
    public void Refuses_another_target(string htu) =>
        _bench.Judge(_bench.Proof().With("htu", htu).Sign()).ShouldBe(VerificationFailure.TargetMismatch);

    // DPOP-V-16, DPOP-V-20
    [Theory]
    [InlineData("HTTPS://API.example.com:443/orders/7")]
    [InlineData("https://api.example.com/%6Frders/7")]
    [InlineData("https://api.example.com/x/../orders/7")]
    [InlineData("https://api.example.com/orders/7?page=2")]
    [InlineData("https://api.example.com/orders/7#top")]
    public void Accepts_another_spelling_of_the_target(string htu) => _bench.Judge(_bench.Proof().With("htu", htu).Sign()).ShouldBeNull();

    // DPOP-V-19
    [Theory]
    [InlineData("")]
    [InlineData("/orders/7")]
    [InlineData("https://user@api.example.com/orders/7")]
    [InlineData("https://api.example.com/orders 7")]
    [InlineData("ftp://api.example.com/orders/7")]
    public void Refuses_an_htu_that_is_no_url(string htu) =>
        _bench.Judge(_bench.Proof().With("htu", htu).Sign()).ShouldBe(VerificationFailure.TargetMalformed);

    [Fact]
    public void Refuses_an_endless_htu() =>
        _bench.Judge(_bench.Proof().With("htu", "https://api.example.com/" + new string('a', 5000)).Sign()).ShouldBe(VerificationFailure.TargetMalformed);

    [Fact]
    public void Names_the_component_that_differs()
    {
        ProofOutcome outcome = _bench.Verify(_bench.Proof().With("htu", "https://api.example.com:8443/orders/7").Sign());
        outcome.Recorded!.Expected.ShouldBe("https://api.example.com/orders/7");
        outcome.Recorded.Seen!.ShouldContain("port differs");
    }

    [Fact]
    public void Says_so_when_the_server_does_not_know_its_own_url() =>
        _bench.Verifier.Verify(_bench.Proof().Sign(), "GET", [], AccessTokenHash.Of(ProofBench.Token), null).Recorded!.Failure.ShouldBe(VerificationFailure.TargetUnknown);

    // DPOP-V-12
    [Fact]
    public void Refuses_the_hash_of_another_token()
    {
        _bench.Judge(_bench.Proof().Sign(), token: "another").ShouldBe(VerificationFailure.TokenHashMismatch);
        _bench.Judge(_bench.Proof().Without("ath").Sign()).ShouldBe(VerificationFailure.TokenHashMismatch);
    }

    // DPOP-V-39
    [Fact]
    public void Refuses_a_padded_hash()
    {
        string ath = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(ProofBench.Token)));
        _bench.Judge(_bench.Proof().With("ath", ath).Sign()).ShouldBeNull();
        _bench.Judge(_bench.Proof().With("ath", ath + "=").Sign()).ShouldBe(VerificationFailure.TokenHashMismatch);
    }

    // DPOP-AS-02
    [Fact]
    public void Ignores_a_stray_ath_at_the_token_endpoint()
    {
        var issuer = new ProofBench(role: VerifierRole.AuthorizationServer);
        issuer.Judge(issuer.Proof().With("ath", "anything").Sign(), token: null).ShouldBeNull();
    }

    // DPOP-V-13
    [Fact]
    public void Calls_a_foreign_key_theft_before_it_looks_at_anything_costly()
    {
        ForgedProof thief = _bench.Proof();
        JwkThumbprint victim = new(RandomNumberGenerator.GetBytes(32));
        _bench.Judge(thief.Sign(), boundTo: victim).ShouldBe(VerificationFailure.KeyMismatch);
        string unsigned = thief.Sign();
        _bench.Judge(unsigned[..unsigned.LastIndexOf('.')] + ".AAAA", boundTo: victim).ShouldBe(VerificationFailure.KeyMismatch);
        FailureCatalog.Get(VerificationFailure.KeyMismatch).Severity.ShouldBe(FailureSeverity.Theft);
    }

    // DPOP-V-06
    [Fact]
    public void Refuses_a_signature_by_another_key_over_the_victims_key()
    {
        using ECDsa thief = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ForgedProof victim = _bench.Proof();
        var forged = new ForgedProof(thief, "GET", ProofBench.Url, _bench.Time.GetUtcNow(), ProofBench.Token).WithHeader("jwk", victim.Header["jwk"]!.DeepClone());
        _bench.Judge(forged.Sign(), boundTo: victim.Thumbprint).ShouldBe(VerificationFailure.ProofSignatureInvalid);
    }

    // DPOP-V-06
    [Theory]
    [InlineData("")]
    [InlineData("AA")]
    public void Refuses_a_signature_of_another_length(string signature)
    {
        string proof = _bench.Proof().Sign();
        _bench.Judge(proof[..(proof.LastIndexOf('.') + 1)] + signature).ShouldBe(VerificationFailure.ProofSignatureInvalid);
    }

    [Fact]
    public void Refuses_a_signature_in_der()
    {
        ForgedProof proof = _bench.Proof();
        string signed = proof.Sign();
        string input = signed[..signed.LastIndexOf('.')];
        byte[] der = _bench.Key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        _bench.Judge($"{input}.{Base64Url.EncodeToString(der)}").ShouldBe(VerificationFailure.ProofSignatureInvalid);
    }

    // DPOP-V-38
    [Fact]
    public void Gives_the_thumbprint_of_the_required_members_only()
    {
        ForgedProof proof = _bench.Proof();
        proof.Header["jwk"]!["use"] = "sig";
        proof.Header["jwk"]!["kid"] = "mine";
        _bench.Verify(proof.Sign()).Proof!.Thumbprint.ShouldBe(proof.Thumbprint);
    }
}
