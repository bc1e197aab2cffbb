using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore.JwtBearer.Tests;

public class ModeTests
{
    // DPOP-RS-24
    [Fact]
    public async Task Require_is_the_default_and_refuses_an_unbound_token()
    {
        await using BearerApi api = await BearerApi.StartAsync();

        HttpResponseMessage response = await api.SendAsync("/orders", $"Bearer {api.UnboundToken()}");

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.GetValues("WWW-Authenticate").ShouldHaveSingleItem().ShouldStartWith("DPoP error=\"invalid_token\"");
        api.Recorded.Failure.ShouldBe(VerificationFailure.UnboundToken);
    }

    [Fact]
    public async Task Observe_lets_bearer_callers_go_on_and_records_once_what_require_would_have_done()
    {
        await using BearerApi api = await BearerApi.StartAsync(BearerApiSetup.Observing);

        HttpResponseMessage response = await api.SendAsync("/orders/7", $"Bearer {api.UnboundToken()}");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        VerificationSignal signal = api.Recorded.Signals.ShouldHaveSingleItem();
        signal.Refused.ShouldBeFalse();
        signal.Failure.Failure.ShouldBe(VerificationFailure.UnboundToken);
        signal.ClientId.ShouldBe("orders-client");
        string line = api.Recorded.Lines.Select(line => line.Text).Where(text => text.Contains("require would have refused")).ShouldHaveSingleItem();
        line.ShouldContain("unbound_token");
        line.ShouldContain("orders-client");
        line.ShouldContain("/orders/7");
    }

    /// <summary>What a bearer caller does today that the verifier would mind: a parameter of that name which is the API's own.</summary>
    [Theory]
    [InlineData("/orders?access_token=of-another-service", null)]
    [InlineData("/orders", "access_token=of-another-service")]
    public async Task Observe_changes_nothing_for_a_bearer_caller(string path, string? form)
    {
        await using BearerApi api = await BearerApi.StartAsync(BearerApiSetup.Observing);
        HttpContent? content = form is null ? null : new StringContent(form, System.Text.Encoding.ASCII, "application/x-www-form-urlencoded");

        (await api.SendAsync(path, $"Bearer {api.UnboundToken()}", content: content)).StatusCode.ShouldBe(HttpStatusCode.OK);

        api.Recorded.Failure.ShouldBe(VerificationFailure.UnboundToken);
    }

    [Theory]
    [InlineData("client_id")]
    [InlineData("azp")]
    [InlineData("appid")]
    [InlineData("cid")]
    public async Task An_exemption_lets_one_client_in_until_its_end(string claim)
    {
        DateTimeOffset until = new(2026, 1, 1, 12, 1, 0, TimeSpan.Zero);
        await using BearerApi api = await BearerApi.StartAsync(new() { Constraint = options => options.Exemptions.Add(new("old batch job", "batch", until)) });
        Task<HttpResponseMessage> CallAs(string client) => api.SendAsync("/orders", "Bearer " + api.Token(toKey: false, client: client, change: claims =>
        {
            claims.Remove("client_id");
            claims[claim] = client;
        }));

        (await CallAs("batch")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await CallAs("other")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        api.Clock.UtcNow = until;
        (await CallAs("batch")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    // DPOP-RS-24
    [Theory]
    [InlineData("/strict")]
    [InlineData("/strict-by-attribute")]
    public async Task A_route_that_requires_is_stricter_than_an_API_that_observes(string path)
    {
        await using BearerApi api = await BearerApi.StartAsync(BearerApiSetup.Observing with
        {
            Endpoints = app =>
            {
                app.MapGet("/strict", () => "").RequireSenderConstraint();
                app.MapGet("/strict-by-attribute", [SenderConstraint] () => "");
            },
        });

        HttpResponseMessage bearer = await api.SendAsync(path, $"Bearer {api.UnboundToken()}");
        HttpResponseMessage bound = await api.GetAsync(path);
        HttpResponseMessage none = await api.SendAsync(path, null);

        bearer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        bearer.Headers.GetValues("WWW-Authenticate").ShouldHaveSingleItem().ShouldStartWith("DPoP error=");
        bound.StatusCode.ShouldBe(HttpStatusCode.OK);
        none.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    // DPOP-RS-24
    [Fact]
    public async Task A_route_that_requires_is_enforced_though_authentication_ran_before_routing()
    {
        await using BearerApi api = await BearerApi.StartAsync(BearerApiSetup.Observing with
        {
            Pipeline = app => app.UseAuthentication(),
            Endpoints = app => app.MapGet("/strict", () => "").RequireSenderConstraint(),
        });

        (await api.SendAsync("/strict", $"Bearer {api.UnboundToken()}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    // DPOP-RS-24
    [Fact]
    public async Task A_constrained_route_knows_the_identity_though_a_transformation_copies_it()
    {
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            Services = services => services.AddTransient<IClaimsTransformation, Copies>(),
            Endpoints = app => app.MapGet("/strict", (ClaimsPrincipal user) => user.FindFirst("added")!.Value).RequireSenderConstraint(),
        });

        (await (await api.GetAsync("/strict")).Content.ReadAsStringAsync()).ShouldBe("yes");
    }

    private sealed class Copies : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            ClaimsPrincipal copy = principal.Clone();
            ((ClaimsIdentity)copy.Identity!).AddClaim(new Claim("added", "yes"));
            return Task.FromResult(copy);
        }
    }

    // DPOP-RS-24
    [Fact]
    public async Task A_constrained_route_does_not_take_the_identity_of_another_scheme_beside_a_good_proof()
    {
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            Schemes = schemes => schemes.AddScheme<AuthenticationSchemeOptions, SessionHandler>("Session", _ => { }),
            Endpoints = app =>
            {
                app.MapGet("/session", () => "").RequireAuthorization(policy => policy.AddAuthenticationSchemes("Session").RequireAuthenticatedUser()).RequireSenderConstraint();
                app.MapGet("/either", () => "").RequireAuthorization(policy => policy.AddAuthenticationSchemes("Session", "Bearer").RequireAuthenticatedUser()).RequireSenderConstraint();
            },
        });

        // The thief's own token and proof are good; the session is the victim's.
        (await api.GetAsync("/session")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await api.GetAsync("/either")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    // DPOP-RS-24
    [Fact]
    public async Task A_constrained_route_does_not_take_an_identity_for_the_bearer_handler_s_by_its_name()
    {
        var issuer = new TestIssuer("https://second.example");
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            Schemes = schemes => schemes.AddScheme<AuthenticationSchemeOptions, SessionHandler>("Impostor", _ => { })
                .AddHoldfast("Second", options => (options.Issuer, options.Audience, options.NonceMode) = (issuer.Url, BearerApi.Url, NonceMode.OnDemand)),
            Services = services => services.AddHttpClient(HoldfastDefaults.IssuerHttpClient).ConfigurePrimaryHttpMessageHandler(() => issuer.Handler),
            Endpoints = app =>
            {
                app.MapGet("/second", () => "").RequireAuthorization(policy => policy.AddAuthenticationSchemes("Second").RequireAuthenticatedUser()).RequireSenderConstraint();
                app.MapGet("/either", () => "").RequireAuthorization(policy => policy.AddAuthenticationSchemes("Impostor", "Second").RequireAuthenticatedUser()).RequireSenderConstraint();
            },
        });
        string token = issuer.Token(BearerApi.Url, api.Clock.UtcNow, api.Key.Thumbprint);

        (await api.GetAsync("/second", token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.GetAsync("/either", token)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    // Its identities call themselves what those of the bearer handler do, or what its scheme is called.
    private sealed class SessionHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.Success(
            new(new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "victim")], Scheme.Name == "Impostor" ? "Bearer" : "AuthenticationTypes.Federation") { Label = "sender-constrained" }), "Session")));
    }

    // DPOP-RS-24
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_an_observing_endpoint_let_in_is_not_let_in_again_by_one_that_requires(bool newScope)
    {
        await using BearerApi api = await BearerApi.StartAsync(BearerApiSetup.Observing with
        {
            Pipeline = app => app.UseExceptionHandler("/failed", newScope),
            Endpoints = app =>
            {
                app.MapGet("/fails", string () => throw new InvalidOperationException()).RequireAuthorization();
                app.MapGet("/failed", () => "secret").RequireSenderConstraint();
            },
        });

        HttpResponseMessage response = await api.SendAsync("/fails", $"Bearer {api.UnboundToken()}");

        (await response.Content.ReadAsStringAsync()).ShouldBeEmpty();
    }
}
