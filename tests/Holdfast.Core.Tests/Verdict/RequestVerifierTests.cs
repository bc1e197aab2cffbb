namespace Holdfast.Core.Tests;

public class RequestVerifierTests : IAccessTokenVerifier
{
    private readonly ProofBench _bench = new();
    private Confirmation _confirmation;
    private AccessTokenResult? _tokenAnswer;
    private ResourceConfig _resource = new() { Name = "orders", Issuer = "https://issuer.example", Audience = "https://api.example.com" };
    private readonly RequestVerifier _verifier;

    public RequestVerifierTests()
    {
        _confirmation = new Confirmation { Jkt = _bench.Proof().Thumbprint };
        _verifier = new(this, _bench.Verifier, _bench.Clock);
    }

    public ValueTask<AccessTokenResult> VerifyAsync(string token, ResourceConfig resource, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_tokenAnswer ?? AccessTokenResult.Verified(new AccessToken
        {
            Issuer = resource.Issuer, Subject = "c", ClientId = "c", ExpiresAt = _bench.Time.GetUtcNow().AddMinutes(5), Confirmation = _confirmation,
        }));

    private ValueTask<Verdict> Verify(FieldLines authorization, FieldLines? proof = null, SenderConstraintMode? route = null, bool outside = false,
        VerificationTrace? trace = null)
    {
        HttpTarget.TryParse(ProofBench.Url, out HttpTarget target);
        var request = new PresentedRequest
        {
            Method = "GET", Targets = [target], Authorization = authorization, DPoP = proof ?? _bench.Proof().Sign(), RouteMode = route, TokenOutsideHeader = outside,
        };
        return _verifier.VerifyAsync(request, _resource, trace, CancellationToken.None);
    }

    private async Task<VerificationFailure?> Judge(FieldLines authorization, FieldLines? proof = null, SenderConstraintMode? route = null, bool outside = false)
    {
        Verdict verdict = await Verify(authorization, proof, route, outside);
        return verdict.IsAccepted ? null : verdict.Recorded!.Failure;
    }

    private const string DPoP = "DPoP " + ProofBench.Token, Bearer = "Bearer " + ProofBench.Token;

    [Fact]
    public async Task Accepts_a_bound_token_with_its_proof()
    {
        var trace = new VerificationTrace();
        Verdict verdict = await Verify(DPoP, trace: trace);
        verdict.IsAccepted.ShouldBeTrue();
        verdict.Recorded.ShouldBeNull();
        trace.Passed.ShouldBe(CheckCatalog.All.Select(check => check.Check).Where(check => check != VerificationCheck.Certificate));
    }

    // DPOP-RS-05
    [Theory]
    [InlineData("dpop")]
    [InlineData("DPOP")]
    [InlineData("DpOp ")]
    public async Task Compares_the_scheme_without_case(string scheme) => (await Judge($"{scheme} {ProofBench.Token}")).ShouldBeNull();

    // DPOP-RS-06
    [Theory]
    [InlineData("")]
    [InlineData("DPoP")]
    [InlineData("DPoP ")]
    [InlineData("DPoP a b")]
    [InlineData("DPoP a,b")]
    [InlineData("DPoP tok\u00e9n")]
    [InlineData("DPoP =a")]
    [InlineData("DPoP a=b")]
    [InlineData("DPoP a, Bearer a")]
    [InlineData("DPoP\ta")]
    public async Task Refuses_malformed_credentials(string field) => (await Judge(field)).ShouldBe(VerificationFailure.AuthorizationMalformed);

    [Fact]
    public async Task Refuses_an_endless_token() =>
        (await Judge("DPoP " + new string('a', 16 * 1024 + 1))).ShouldBe(VerificationFailure.TokenTooLarge);

    // DPOP-RS-14
    [Fact]
    public async Task Takes_another_scheme_or_none_as_no_credentials()
    {
        (await Judge(FieldLines.None)).ShouldBe(VerificationFailure.CredentialsMissing);
        (await Judge("Basic dXNlcjpwYXNz")).ShouldBe(VerificationFailure.SchemeUnsupported);
    }

    // DPOP-RS-07
    [Fact]
    public async Task Refuses_two_authorization_fields()
    {
        Verdict verdict = await Verify(new[] { Bearer, DPoP });
        verdict.Recorded!.Failure.ShouldBe(VerificationFailure.AuthorizationRepeated);
        verdict.UsedDPoPScheme.ShouldBeTrue();
    }

    // DPOP-RS-08
    [Fact]
    public async Task Refuses_a_token_outside_the_header_alone_and_besides_it()
    {
        (await Judge(FieldLines.None, outside: true)).ShouldBe(VerificationFailure.TokenOutsideHeader);
        (await Judge(DPoP, outside: true)).ShouldBe(VerificationFailure.TokenOutsideHeader);
    }

    // DPOP-RS-03
    [Theory]
    [InlineData(SenderConstraintMode.Require)]
    [InlineData(SenderConstraintMode.Observe)]
    public async Task Never_takes_a_bound_token_as_bearer(SenderConstraintMode mode)
    {
        _resource = _resource with { Mode = mode };
        (await Judge(Bearer)).ShouldBe(VerificationFailure.BoundTokenAsBearer);
        (await Judge(Bearer, FieldLines.None)).ShouldBe(VerificationFailure.BoundTokenAsBearer);
    }

    // DPOP-RS-04, DPOP-V-40
    [Theory]
    [InlineData(SenderConstraintMode.Require)]
    [InlineData(SenderConstraintMode.Observe)]
    public async Task Never_takes_an_unbound_token_under_the_dpop_scheme(SenderConstraintMode mode)
    {
        _resource = _resource with { Mode = mode };
        _confirmation = Confirmation.None;
        (await Judge(DPoP)).ShouldBe(VerificationFailure.UnboundTokenWithDPoP);
    }

    // DPOP-RS-24
    [Theory]
    [InlineData(SenderConstraintMode.Require, null, false)]
    [InlineData(SenderConstraintMode.Require, SenderConstraintMode.Observe, false)]
    [InlineData(SenderConstraintMode.Observe, SenderConstraintMode.Require, false)]
    [InlineData(SenderConstraintMode.Observe, null, true)]
    [InlineData(SenderConstraintMode.Observe, SenderConstraintMode.Observe, true)]
    public async Task Lets_the_strictest_mode_decide_about_an_unbound_token(SenderConstraintMode resource, SenderConstraintMode? route, bool accepted)
    {
        _resource = _resource with { Mode = resource };
        _confirmation = Confirmation.None;
        Verdict verdict = await Verify(Bearer, FieldLines.None, route);
        verdict.IsAccepted.ShouldBe(accepted);
        verdict.Recorded!.Failure.ShouldBe(VerificationFailure.UnboundToken);
    }

    [Theory]
    [InlineData("c", 1, true)]
    [InlineData("c", 0, false)]
    [InlineData("c", -1, false)]
    [InlineData("other", 1, false)]
    public async Task Loosens_only_by_a_named_exemption_until_its_end(string client, int seconds, bool accepted)
    {
        _confirmation = Confirmation.None;
        _resource = _resource with { Exemptions = [new("legacy batch", client, _bench.Time.GetUtcNow().AddSeconds(seconds))] };
        Verdict verdict = await Verify(Bearer, FieldLines.None);
        verdict.IsAccepted.ShouldBe(accepted);
        if (accepted)
            verdict.Recorded!.Expected!.ShouldContain("legacy batch");
    }

    [Fact]
    public async Task An_exemption_never_loosens_a_bound_token()
    {
        _resource = _resource with { Exemptions = [new("legacy batch", "c", _bench.Time.GetUtcNow().AddDays(1))] };
        (await Judge(Bearer)).ShouldBe(VerificationFailure.BoundTokenAsBearer);
    }

    // DPOP-RS-02
    [Fact]
    public async Task Grants_nothing_without_a_proof() => (await Judge(DPoP, FieldLines.None)).ShouldBe(VerificationFailure.ProofMissing);

    // DPOP-V-13
    [Fact]
    public async Task Refuses_a_proof_by_another_key_and_names_the_client()
    {
        using var thief = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        string proof = new ForgedProof(thief, "GET", ProofBench.Url, _bench.Time.GetUtcNow(), ProofBench.Token).Sign();
        Verdict verdict = await Verify(DPoP, proof);
        verdict.Recorded!.Failure.ShouldBe(VerificationFailure.KeyMismatch);
        verdict.Token!.ClientId.ShouldBe("c");
        _bench.Filed.ShouldBeEmpty();
    }

    // DPOP-RS-25
    [Fact]
    public async Task Passes_on_what_the_token_verifier_refuses()
    {
        _tokenAnswer = AccessTokenResult.Refused(VerificationFailure.TokenExpired);
        (await Judge(DPoP)).ShouldBe(VerificationFailure.TokenExpired);
        _tokenAnswer = default(AccessTokenResult);
        (await Judge(DPoP)).ShouldBe(VerificationFailure.Unspecified);
        _bench.Filed.ShouldBeEmpty();
    }

    [Fact]
    public async Task Traces_the_checks_up_to_the_one_that_failed()
    {
        var trace = new VerificationTrace();
        await Verify(DPoP, _bench.Proof().With("htm", "POST").Sign(), trace: trace);
        trace.Passed[^1].ShouldBe(VerificationCheck.TokenHash);
        trace.Passed.ShouldNotContain(VerificationCheck.Method);
    }
}
