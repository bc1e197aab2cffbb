using System.Net;
using System.Security.Cryptography.X509Certificates;
using Holdfast.AspNetCore.Tests.Certificates;
using Holdfast.AspNetCore.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.AspNetCore.JwtBearer.Tests;

/// <summary>A bound token is enforced in every mode: the scheme that the caller chose decides nothing.</summary>
public class EnforcementTests
{
    private static readonly X509Certificate2 Certificate = TestCertificates.SelfSigned();
    private static readonly X509Certificate2 Another = TestCertificates.SelfSigned();

    /// <summary>What was wrong with a request, and the failure that names it; none for what is good.</summary>
    public sealed record Case(VerificationFailure? Failure, Func<BearerApi, (string Authorization, string? Proof)> Send, X509Certificate2? Certificate = null, string? Error = "invalid_token");

    private static (string, string?) DPoP(BearerApi api, string token, TestProof? proof) => ($"DPoP {token}", proof?.Sign());

    private static readonly Dictionary<string, Case> Table = new()
    {
        ["a bound token with its proof"] = new(null, api => { string t = api.Token(); return DPoP(api, t, api.Proof("GET", "/orders", t)); }),
        ["the scheme in other case"] = new(null, api => { string t = api.Token(); return ($"dpop {t}", api.Proof("GET", "/orders", t).Sign()); }),
        // DPOP-RS-03
        ["a bound token as a bearer token"] = new(VerificationFailure.BoundTokenAsBearer, api => ($"Bearer {api.Token()}", null)),
        ["a bound token as a bearer token beside its proof"] = new(VerificationFailure.BoundTokenAsBearer, api => { string t = api.Token(); return ($"Bearer {t}", api.Proof("GET", "/orders", t).Sign()); }),
        // DPOP-RS-02
        ["no proof"] = new(VerificationFailure.ProofMissing, api => DPoP(api, api.Token(), null), Error: "invalid_dpop_proof"),
        // DPOP-V-13
        ["a proof by another key"] = new(VerificationFailure.KeyMismatch, api => { string t = api.Token(); return DPoP(api, t, new TestProof(TestKey.Es256(), "GET", BearerApi.Url + "/orders", api.Clock.UtcNow, t)); }),
        ["a proof for another method"] = new(VerificationFailure.MethodMismatch, api => { string t = api.Token(); return DPoP(api, t, api.Proof("POST", "/orders", t)); }, Error: "invalid_dpop_proof"),
        ["a proof for another URL"] = new(VerificationFailure.TargetMismatch, api => { string t = api.Token(); return DPoP(api, t, api.Proof("GET", "/other", t)); }, Error: "invalid_dpop_proof"),
        ["a proof for another token"] = new(VerificationFailure.TokenHashMismatch, api => DPoP(api, api.Token(), api.Proof("GET", "/orders", api.Token(client: "x"))), Error: "invalid_dpop_proof"),
        ["a late proof"] = new(VerificationFailure.ProofExpired, api => { string t = api.Token(); return DPoP(api, t, api.Proof("GET", "/orders", t).With("iat", api.Clock.UtcNow.AddSeconds(-61).ToUnixTimeSeconds())); }, Error: "use_dpop_nonce"),
        // DPOP-RS-04
        ["the DPoP scheme with an unbound token"] = new(VerificationFailure.UnboundTokenWithDPoP, api => { string t = api.UnboundToken(); return DPoP(api, t, api.Proof("GET", "/orders", t)); }),
        // MTLS-23
        ["a certificate-bound token with its certificate"] = new(null, api => ($"Bearer {api.Token(false, Certificate)}", null), Certificate),
        // MTLS-24, MTLS-25
        ["a certificate-bound token without a certificate"] = new(VerificationFailure.CertificateMissing, api => ($"Bearer {api.Token(false, Certificate)}", null)),
        ["a certificate-bound token with another certificate"] = new(VerificationFailure.CertificateMismatch, api => ($"Bearer {api.Token(false, Certificate)}", null), Another),
        // DPOP-RS-23
        ["a token bound to both with both"] = new(null, api => { string t = api.Token(true, Certificate); return DPoP(api, t, api.Proof("GET", "/orders", t)); }, Certificate),
        ["a token bound to both without the certificate"] = new(VerificationFailure.CertificateMissing, api => { string t = api.Token(true, Certificate); return DPoP(api, t, api.Proof("GET", "/orders", t)); }),
        ["a token bound to both without the proof"] = new(VerificationFailure.ProofMissing, api => DPoP(api, api.Token(true, Certificate), null), Certificate, Error: "invalid_dpop_proof"),
        ["a token bound to both as a bearer token"] = new(VerificationFailure.BoundTokenAsBearer, api => ($"Bearer {api.Token(true, Certificate)}", null), Certificate),
        ["an unknown member of cnf"] = new(VerificationFailure.ConfirmationUnsupported, api => ($"Bearer {api.Token(change: claims => claims["cnf"] = new System.Text.Json.Nodes.JsonObject { ["kid"] = "x" })}", null)),
        ["an empty cnf"] = new(VerificationFailure.ConfirmationMalformed, api => ($"Bearer {api.Token(change: claims => claims["cnf"] = new System.Text.Json.Nodes.JsonObject())}", null)),
        ["a cnf that is null"] = new(VerificationFailure.ConfirmationMalformed, api => ($"Bearer {api.Token(change: claims => claims["cnf"] = null)}", null)),
        ["a cnf that is text"] = new(VerificationFailure.ConfirmationMalformed, api => ($"Bearer {api.Token(change: claims => claims["cnf"] = "{}")}", null)),
    };

    public static TheoryData<string, SenderConstraintMode> Cases
    {
        get
        {
            var cases = new TheoryData<string, SenderConstraintMode>();
            foreach (string name in Table.Keys)
            {
                cases.Add(name, SenderConstraintMode.Require);
                cases.Add(name, SenderConstraintMode.Observe);
            }
            return cases;
        }
    }

    // DPOP-RS-01, DPOP-RS-02, DPOP-RS-03, DPOP-RS-04, DPOP-RS-23, MTLS-24, MTLS-25
    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Decides_by_the_binding_in_every_mode(string name, SenderConstraintMode mode)
    {
        Case expected = Table[name];
        await using BearerApi api = await BearerApi.StartAsync(new() { Constraint = options => options.Mode = mode, Certificate = expected.Certificate });
        (string authorization, string? proof) = expected.Send(api);

        HttpResponseMessage response = await api.SendAsync("/orders", authorization, proof);

        if (expected.Failure is not { } failure)
        {
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await response.Content.ReadAsStringAsync()).ShouldBe("orders-client");
            api.Recorded.Signals.ShouldBeEmpty();
            return;
        }
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        api.Recorded.Failure.ShouldBe(failure);
        api.Recorded.Signals.Single().Refused.ShouldBeTrue();
        // DPOP-RS-09, DPOP-RS-11, DPOP-RS-15
        string[] challenges = [.. response.Headers.GetValues("WWW-Authenticate")];
        bool usedDPoP = authorization.StartsWith("DPoP", StringComparison.Ordinal);
        challenges[0].ShouldStartWith("DPoP ");
        challenges[0].ShouldContain("algs=\"ES256 ES384 PS256 PS384\"");
        challenges.Length.ShouldBe(mode == SenderConstraintMode.Observe ? 2 : 1);
        challenges[mode == SenderConstraintMode.Observe && !usedDPoP ? 1 : 0].ShouldContain($" error=\"{expected.Error}\"");
    }

    // DPOP-V-27
    [Theory]
    [InlineData(SenderConstraintMode.Require)]
    [InlineData(SenderConstraintMode.Observe)]
    public async Task Refuses_a_proof_the_second_time(SenderConstraintMode mode)
    {
        await using BearerApi api = await BearerApi.StartAsync(new() { Constraint = options => options.Mode = mode });
        string token = api.Token();
        TestProof proof = api.Proof("GET", "/orders", token);
        string signed = proof.Sign();

        (await api.SendAsync("/orders", $"DPoP {token}", signed)).StatusCode.ShouldBe(HttpStatusCode.OK);
        HttpResponseMessage again = await api.SendAsync("/orders", $"DPoP {token}", signed);

        again.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        again.Headers.WwwAuthenticate.ToString().ShouldStartWith("DPoP error=\"invalid_dpop_proof\"");
        api.Recorded.Failure.ShouldBe(VerificationFailure.ProofReplayed);
    }

    // DPOP-RS-19, DPOP-RS-21, DPOP-RS-22, DPOP-RS-29
    [Fact]
    public async Task Challenges_for_a_nonce_and_offers_the_next_one_with_what_it_accepts()
    {
        await using BearerApi api = await BearerApi.StartAsync(new() { Constraint = options => options.NonceMode = NonceMode.Always });
        string token = api.Token();

        HttpResponseMessage challenged = await api.GetAsync("/orders", token);
        string nonce = challenged.Headers.GetValues("DPoP-Nonce").Single();
        HttpResponseMessage accepted = await api.GetAsync("/orders", token, api.Proof("GET", "/orders", token, nonce));
        api.Clock.Advance(TimeSpan.FromSeconds(61));
        HttpResponseMessage renewed = await api.GetAsync("/orders", token, api.Proof("GET", "/orders", token, nonce));

        challenged.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        challenged.Headers.WwwAuthenticate.ToString().ShouldStartWith("DPoP error=\"use_dpop_nonce\"");
        challenged.Headers.CacheControl!.NoStore.ShouldBeTrue();
        accepted.StatusCode.ShouldBe(HttpStatusCode.OK);
        renewed.StatusCode.ShouldBe(HttpStatusCode.OK);
        renewed.Headers.GetValues("DPoP-Nonce").Single().ShouldNotBe(nonce);
        renewed.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    // DPOP-RS-07
    [Theory]
    [InlineData("Bearer", "DPoP")]
    [InlineData("DPoP", "Bearer")]
    [InlineData("DPoP", "DPoP")]
    public async Task Refuses_two_Authorization_lines_with_400(string first, string second)
    {
        await using BearerApi api = await BearerApi.StartAsync(new() { Kestrel = true, Constraint = options => options.Observe() });
        string token = api.Token();

        string answer = await RawHttp.SendAsync(api.Port, "GET /orders HTTP/1.1", $"Authorization: {first} {token}", $"Authorization: {second} {token}",
            $"DPoP: {api.Proof("GET", "/orders", token)}");

        RawHttp.Status(answer).ShouldBe(400);
        answer.ShouldContain("WWW-Authenticate: DPoP error=\"invalid_request\"");
        api.Recorded.Failure.ShouldBe(VerificationFailure.AuthorizationRepeated);
    }

    // DPOP-RS-08
    [Theory]
    [InlineData(SenderConstraintMode.Require)]
    [InlineData(SenderConstraintMode.Observe)]
    public async Task Refuses_a_token_in_query_or_form_beside_a_bound_one(SenderConstraintMode mode)
    {
        await using BearerApi api = await BearerApi.StartAsync(new() { Constraint = options => options.Mode = mode });
        string token = api.Token();

        HttpResponseMessage query = await api.SendAsync("/orders?access_token=x", $"DPoP {token}", api.Proof("GET", "/orders", token).Sign());
        HttpResponseMessage form = await api.SendAsync("/orders", $"DPoP {token}", api.Proof("POST", "/orders", token).Sign(), new FormUrlEncodedContent([new("access_token", "x")]));

        query.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        form.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        api.Recorded.Signals.Select(signal => signal.Failure.Failure).ShouldBe([VerificationFailure.TokenOutsideHeader, VerificationFailure.TokenOutsideHeader]);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_503()
    {
        await using BearerApi api = await BearerApi.StartAsync(new() { ServicesBefore = services => services.AddSingleton<IReplayStore>(new Unavailable()) });

        HttpResponseMessage response = await api.GetAsync("/orders");

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter.ShouldNotBeNull();
        response.Headers.WwwAuthenticate.ShouldBeEmpty();
        api.Recorded.Failure.ShouldBe(VerificationFailure.ReplayStoreUnavailable);
    }

    private sealed class Unavailable : IReplayStore
    {
        public ValueTask<ReplayResult> TryAddAsync(ReplayRecord record, CancellationToken cancellationToken) => new(ReplayResult.Unavailable);
    }

    // DPOP-V-27
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_that_the_application_runs_again_is_no_replay_of_itself(bool newScope)
    {
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            Pipeline = app => app.UseExceptionHandler("/failed", newScope),
            Endpoints = app =>
            {
                app.MapGet("/fails", string () => throw new InvalidOperationException()).RequireAuthorization();
                app.MapGet("/failed", (System.Security.Claims.ClaimsPrincipal user) => user.FindFirst("sub")!.Value).RequireSenderConstraint();
            },
        });

        HttpResponseMessage response = await api.GetAsync("/fails");

        (await response.Content.ReadAsStringAsync()).ShouldBe("orders-client");
        api.Recorded.Signals.ShouldBeEmpty();
    }
}
