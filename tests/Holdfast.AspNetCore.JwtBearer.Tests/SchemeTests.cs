using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore.JwtBearer.Tests;

/// <summary>Several schemes, several issuers, schemes that forward.</summary>
public class SchemeTests
{
    private static readonly TestIssuer Partner = new("https://partner.example");

    private static void AddPartner(AuthenticationBuilder schemes) => schemes
        .AddJwtBearer("Partner", options => BearerApi.Configure(options, Partner, new ManualTimeProvider()))
        .AddSenderConstraint("Partner", options => (options.NonceMode, options.Mode) = (NonceMode.OnDemand, SenderConstraintMode.Observe));

    private static BearerApiSetup TwoIssuers => new()
    {
        Schemes = AddPartner,
        Services = services => services.AddAuthorization(options =>
            options.DefaultPolicy = new AuthorizationPolicyBuilder("Bearer", "Partner").RequireAuthenticatedUser().Build()),
    };

    private static (string, string) Of(TestIssuer issuer, BearerApi api)
    {
        string token = issuer.Token(BearerApi.Url, api.Clock.UtcNow, api.Key.Thumbprint, "partner-client");
        return ($"DPoP {token}", api.Proof("GET", "/orders", token).Sign());
    }

    [Fact]
    public async Task The_token_of_each_issuer_is_enforced_and_nothing_is_said_of_the_other_s()
    {
        await using BearerApi api = await BearerApi.StartAsync(TwoIssuers);
        (string authorization, string proof) = Of(Partner, api);

        (await api.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.SendAsync("/orders", authorization, proof)).StatusCode.ShouldBe(HttpStatusCode.OK);
        api.Recorded.Signals.ShouldBeEmpty();

        (await api.SendAsync("/orders", authorization.Replace("DPoP", "Bearer"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        api.Recorded.Signals.ShouldContain(signal => signal.Failure.Failure == VerificationFailure.BoundTokenAsBearer && signal.ClientId == "partner-client");
    }

    [Fact]
    public async Task Each_scheme_has_its_own_mode()
    {
        await using BearerApi api = await BearerApi.StartAsync(TwoIssuers);

        (await api.SendAsync("/orders", $"Bearer {api.UnboundToken()}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await api.SendAsync("/orders", $"Bearer {Partner.Token(BearerApi.Url, api.Clock.UtcNow)}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    // DPOP-V-27
    [Fact]
    public async Task A_proof_is_spent_for_all_schemes()
    {
        var issuer = new TestIssuer();
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            Issuer = issuer,
            Schemes = schemes => schemes.AddHoldfast("Second", options => (options.Issuer, options.Audience, options.NonceMode) = (issuer.Url, BearerApi.Url, NonceMode.OnDemand)),
            Services = services => services.AddHttpClient(HoldfastDefaults.IssuerHttpClient).ConfigurePrimaryHttpMessageHandler(() => issuer.Handler),
            Endpoints = app => app.MapGet("/second", () => "").RequireAuthorization(policy => policy.AddAuthenticationSchemes("Second").RequireAuthenticatedUser()),
        });

        // The default scheme has seen it before.
        (await api.GetAsync("/second")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        api.Recorded.Failure.ShouldBe(VerificationFailure.ProofReplayed);
    }

    // DPOP-RS-16
    [Theory]
    [InlineData("DPoP")]
    [InlineData("Bearer")]
    public async Task A_policy_scheme_that_forwards_by_the_issuer_reaches_the_constraint(string authorizationScheme)
    {
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            Schemes = schemes =>
            {
                AddPartner(schemes);
                schemes.AddPolicyScheme("Smart", null, options => options.ForwardDefaultSelector = context =>
                    context.Request.Headers.Authorization.ToString().Contains(TestKey.Encode("{\"iss\":\"https://partner"u8)[..20], StringComparison.Ordinal) ? "Partner" : "Bearer");
            },
            Services = services => services.Configure<AuthenticationOptions>(options => options.DefaultScheme = options.DefaultAuthenticateScheme = options.DefaultChallengeScheme = "Smart"),
            Endpoints = app => app.MapGet("/strict", (ClaimsPrincipal user) => user.FindFirst("iss")!.Value).RequireSenderConstraint(),
        });
        string token = Partner.Token(BearerApi.Url, api.Clock.UtcNow, api.Key.Thumbprint);

        HttpResponseMessage response = await api.SendAsync("/strict", $"{authorizationScheme} {token}", api.Proof("GET", "/strict", token).Sign());

        if (authorizationScheme == "DPoP")
        {
            (await response.Content.ReadAsStringAsync()).ShouldBe("https://partner.example");
            return;
        }
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.GetValues("WWW-Authenticate").First().ShouldStartWith("DPoP ");
        api.Recorded.Failure.ShouldBe(VerificationFailure.BoundTokenAsBearer);
    }

    [Fact]
    public async Task A_scheme_that_was_not_named_stays_as_it_is()
    {
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            Schemes = schemes => schemes.AddJwtBearer("Legacy", options => BearerApi.Configure(options, Partner, new ManualTimeProvider())),
            Endpoints = app => app.MapGet("/legacy", () => "").RequireAuthorization(policy => policy.AddAuthenticationSchemes("Legacy").RequireAuthenticatedUser()),
        });

        (await api.SendAsync("/legacy", $"Bearer {Partner.Token(BearerApi.Url, api.Clock.UtcNow)}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        HttpResponseMessage response = await api.SendAsync("/legacy", null);

        response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        api.Recorded.Signals.ShouldBeEmpty();
    }

    // DPOP-RS-18
    [Fact]
    public async Task Browsers_may_read_and_send_what_a_proof_needs()
    {
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            Services = services => services.AddCors(options => options.AddDefaultPolicy(policy => policy.WithOrigins("https://app.example"))),
            Pipeline = app => app.UseRouting().UseCors(),
        });
        var request = new HttpRequestMessage(HttpMethod.Get, BearerApi.Url + "/orders");
        request.Headers.Add("Origin", "https://app.example");

        HttpResponseMessage response = await api.Client.SendAsync(request);

        response.Headers.GetValues("Access-Control-Expose-Headers").SelectMany(line => line.Split(',')).ShouldBe(["DPoP-Nonce", "WWW-Authenticate"], ignoreOrder: true);
    }

    [Fact]
    public async Task The_diagnostics_tell_its_callers_what_reached_the_API()
    {
        await using BearerApi api = await BearerApi.StartAsync(new() { Endpoints = app => app.MapHoldfastDiagnostics("/diagnostics", authenticationScheme: "Bearer") });
        string token = api.Token(change: claims => claims["scope"] = "orders.read holdfast:diagnose");

        HttpResponseMessage told = await api.GetAsync("/diagnostics", token);
        HttpResponseMessage elsewhere = await api.GetAsync("/diagnostics", token, new TestProof(api.Key, "GET", "https://internal.example/diagnostics", api.Clock.UtcNow, token));
        HttpResponseMessage without = await api.GetAsync("/diagnostics");

        told.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await told.Content.ReadAsStringAsync()).ShouldContain(BearerApi.Url + "/diagnostics");
        elsewhere.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await elsewhere.Content.ReadAsStringAsync()).ShouldContain("internal.example");
        without.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    // DPOP-RS-28
    [Fact]
    public async Task A_proof_is_compared_with_the_method_that_was_sent()
    {
        await using BearerApi api = await BearerApi.StartAsync(new() { Pipeline = app => app.UseHttpMethodOverride() });
        string token = api.Token();
        var request = new HttpRequestMessage(HttpMethod.Post, BearerApi.Url + "/orders");
        request.Headers.TryAddWithoutValidation("Authorization", $"DPoP {token}");
        request.Headers.TryAddWithoutValidation("DPoP", api.Proof("GET", "/orders", token).Sign());
        request.Headers.Add("X-HTTP-Method-Override", "GET");

        (await api.Client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        api.Recorded.Failure.ShouldBe(VerificationFailure.MethodMismatch);
    }
}
