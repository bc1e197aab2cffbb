namespace Holdfast.Core.Tests;

/// <summary>What a token bound to a certificate demands, alone and beside a key (RFC 8705 §3).</summary>
public class CertificateBindingTests : IAccessTokenVerifier
{
    private readonly ProofBench _bench = new();
    private readonly RequestVerifier _verifier;
    private readonly ClientCertificate _certificate;
    private Confirmation _confirmation;

    public CertificateBindingTests()
    {
        _certificate = Fresh();
        _confirmation = new Confirmation { X5tS256 = _certificate.Thumbprint };
        _verifier = new(this, _bench.Verifier, _bench.Clock);
    }

    public ValueTask<AccessTokenResult> VerifyAsync(string token, ResourceConfig resource, CancellationToken cancellationToken) =>
        ValueTask.FromResult(AccessTokenResult.Verified(new AccessToken
        {
            Issuer = resource.Issuer, Subject = "c", ClientId = "c", ExpiresAt = _bench.Time.GetUtcNow().AddMinutes(5), Confirmation = _confirmation,
        }));

    private const string DPoP = "DPoP " + ProofBench.Token, Bearer = "Bearer " + ProofBench.Token;

    private ClientCertificate Fresh(double notBefore = -3600, double notAfter = 3600) =>
        TestCertificate.Read(_bench.Time.GetUtcNow().AddSeconds(notBefore), _bench.Time.GetUtcNow().AddSeconds(notAfter));

    private async Task<Verdict> Verify(string authorization, PresentedCertificate certificate, FieldLines proof = default, VerificationTrace? trace = null)
    {
        HttpTarget.TryParse(ProofBench.Url, out HttpTarget target);
        var resource = new ResourceConfig { Name = "orders", Issuer = "https://issuer.example", Audience = "https://api.example.com", Mode = SenderConstraintMode.Observe };
        return await _verifier.VerifyAsync(new PresentedRequest
        {
            Method = "GET", Targets = [target], Authorization = authorization, DPoP = proof, Certificate = certificate,
        }, resource, trace, CancellationToken.None);
    }

    private async Task<VerificationFailure?> Judge(string authorization, PresentedCertificate certificate, FieldLines proof = default)
    {
        Verdict verdict = await Verify(authorization, certificate, proof);
        return verdict.IsAccepted ? null : verdict.Recorded!.Failure;
    }

    // MTLS-23
    [Fact]
    public async Task Accepts_the_certificate_that_the_token_is_bound_to()
    {
        var trace = new VerificationTrace();
        Verdict verdict = await Verify(Bearer, PresentedCertificate.Of(_certificate), trace: trace);
        verdict.IsAccepted.ShouldBeTrue();
        verdict.Certificate.ShouldBe(_certificate);
        verdict.Recorded.ShouldBeNull();
        trace.Passed[^1].ShouldBe(VerificationCheck.Certificate);
    }

    // MTLS-24, MTLS-25
    [Fact]
    public async Task Refuses_a_bound_token_without_a_certificate_in_observe_mode_too() =>
        (await Judge(Bearer, PresentedCertificate.None)).ShouldBe(VerificationFailure.CertificateMissing);

    // MTLS-24
    [Fact]
    public async Task Takes_another_certificate_for_theft()
    {
        Verdict verdict = await Verify(Bearer, PresentedCertificate.Of(Fresh()));
        verdict.Recorded!.Failure.ShouldBe(VerificationFailure.CertificateMismatch);
        FailureCatalog.Get(verdict.Answered).WireError.ShouldBe("invalid_token");
        FailureCatalog.Get(verdict.Answered).Severity.ShouldBe(FailureSeverity.Theft);
        verdict.Certificate.ShouldNotBeNull();
    }

    // FWD-28, FWD-02
    [Fact]
    public async Task Refuses_what_a_trusted_proxy_garbled_whatever_the_token_is_bound_to()
    {
        var unreadable = PresentedCertificate.Unreadable("one certificate", "two");
        (await Judge(Bearer, unreadable)).ShouldBe(VerificationFailure.CertificateHeaderUnreadable);
        _confirmation = Confirmation.None;
        (await Judge(Bearer, unreadable)).ShouldBe(VerificationFailure.CertificateHeaderUnreadable);
    }

    // MTLS-44
    [Theory]
    [InlineData(-3600, -11, VerificationFailure.CertificateExpired)]
    [InlineData(-3600, -10, null)]
    [InlineData(-3600, -9, null)]
    [InlineData(9, 3600, null)]
    [InlineData(10, 3600, null)]
    [InlineData(11, 3600, VerificationFailure.CertificateNotYetValid)]
    public async Task Holds_to_the_dates_of_the_certificate(double notBefore, double notAfter, VerificationFailure? expected)
    {
        ClientCertificate certificate = Fresh(notBefore, notAfter);
        _confirmation = new Confirmation { X5tS256 = certificate.Thumbprint };
        (await Judge(Bearer, PresentedCertificate.Of(certificate))).ShouldBe(expected);
    }

    // MTLS-44
    [Fact]
    public async Task Takes_a_certificate_without_a_beginning_or_an_end()
    {
        // RFC 5280 §4.1.2.5: no well-defined end is the last second of the year 9999; nothing can be added to it.
        ClientCertificate certificate = TestCertificate.Read(new(1950, 1, 1, 0, 0, 0, TimeSpan.Zero), new(9999, 12, 31, 23, 59, 59, TimeSpan.Zero));
        _confirmation = new Confirmation { X5tS256 = certificate.Thumbprint };
        (await Judge(Bearer, PresentedCertificate.Of(certificate))).ShouldBeNull();
    }

    // FWD-31
    [Fact]
    public async Task Takes_the_hash_of_a_proxy_that_tells_no_more() =>
        (await Judge(Bearer, PresentedCertificate.Of(ClientCertificate.FromThumbprint(_certificate.Thumbprint)))).ShouldBeNull();

    // DPOP-RS-04
    [Fact]
    public async Task Refuses_the_dpop_scheme_for_a_token_without_a_key() =>
        (await Judge(DPoP, PresentedCertificate.Of(_certificate), _bench.Proof().Sign())).ShouldBe(VerificationFailure.UnboundTokenWithDPoP);

    // DPOP-RS-23
    [Fact]
    public async Task A_token_bound_to_both_needs_both()
    {
        _confirmation = new Confirmation { X5tS256 = _certificate.Thumbprint, Jkt = _bench.Proof().Thumbprint };
        PresentedCertificate right = PresentedCertificate.Of(_certificate);
        (await Judge(DPoP, right)).ShouldBe(VerificationFailure.ProofMissing);
        (await Judge(Bearer, right)).ShouldBe(VerificationFailure.BoundTokenAsBearer);
        (await Judge(DPoP, PresentedCertificate.None, _bench.Proof().Sign())).ShouldBe(VerificationFailure.CertificateMissing);
        (await Judge(DPoP, PresentedCertificate.Of(Fresh()), _bench.Proof().Sign())).ShouldBe(VerificationFailure.CertificateMismatch);
        _bench.Filed.ShouldBeEmpty();
        (await Judge(DPoP, right, _bench.Proof().Sign())).ShouldBeNull();
        var trace = new VerificationTrace();
        await Verify(DPoP, right, _bench.Proof().Sign(), trace);
        trace.Passed.ShouldBe(CheckCatalog.All.Select(check => check.Check));
    }
}
