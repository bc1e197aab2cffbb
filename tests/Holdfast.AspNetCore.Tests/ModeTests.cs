using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore.Tests;

public class ModeTests
{
    // DPOP-RS-24
    [Fact]
    public async Task Require_refuses_an_unbound_token()
    {
        await using TestApi api = await TestApi.StartAsync();

        HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, "/orders", $"Bearer {api.BearerToken()}");

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.GetValues("WWW-Authenticate").ShouldHaveSingleItem().ShouldStartWith("DPoP error=\"invalid_token\"");
        api.Recorded.Failure.ShouldBe(VerificationFailure.UnboundToken);
    }

    [Fact]
    public async Task Observe_accepts_an_unbound_token_and_records_what_require_would_have_done()
    {
        await using TestApi api = await TestApi.StartAsync(new() { Options = options => options.Mode = SenderConstraintMode.Observe });

        HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, "/orders", $"Bearer {api.BearerToken()}");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        VerificationSignal signal = api.Recorded.Signals.ShouldHaveSingleItem();
        signal.Refused.ShouldBeFalse();
        signal.Failure.Failure.ShouldBe(VerificationFailure.UnboundToken);
        signal.ClientId.ShouldBe("orders-client");
    }

    [Fact]
    public async Task An_exemption_lets_one_client_in_until_its_end()
    {
        DateTimeOffset until = new(2026, 1, 1, 12, 1, 0, TimeSpan.Zero);
        await using TestApi api = await TestApi.StartAsync(new() { Options = options => options.Exemptions.Add(new("old batch job", "batch", until)) });
        Task<HttpResponseMessage> CallAs(string client) => api.SendAsync(HttpMethod.Get, "/orders", $"Bearer {api.BearerToken(client)}");

        (await CallAs("batch")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await CallAs("other")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        api.Clock.UtcNow = until.AddTicks(-1);
        (await CallAs("batch")).StatusCode.ShouldBe(HttpStatusCode.OK);
        api.Clock.UtcNow = until;
        (await CallAs("batch")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    // DPOP-RS-15, DPOP-RS-16
    [Fact]
    public async Task Observe_offers_both_schemes_and_puts_the_error_where_the_caller_was()
    {
        await using TestApi api = await TestApi.StartAsync(new() { Options = options => options.Mode = SenderConstraintMode.Observe });

        string[] none = Challenges(await api.SendAsync(HttpMethod.Get, "/orders", null));
        string[] bearer = Challenges(await api.SendAsync(HttpMethod.Get, "/orders", "Bearer nonsense"));
        string[] dpop = Challenges(await api.SendAsync(HttpMethod.Get, "/orders", "DPoP nonsense"));
        string[] ambiguous = Challenges(await api.SendAsync(HttpMethod.Get, "/orders?access_token=x", null));

        none.ShouldBe([$"DPoP algs=\"ES256 ES384 PS256 PS384\", {Metadata}", $"Bearer {Metadata}"]);
        bearer[0].ShouldStartWith("DPoP algs=");
        bearer[1].ShouldStartWith("Bearer error=\"invalid_token\"");
        dpop[0].ShouldStartWith("DPoP error=\"invalid_token\"");
        dpop[1].ShouldBe($"Bearer {Metadata}");
        ambiguous.ShouldAllBe(challenge => challenge.Contains("error=\"invalid_request\""));

        static string[] Challenges(HttpResponseMessage response) => [.. response.Headers.GetValues("WWW-Authenticate")];
    }

    private const string Metadata = "resource_metadata=\"https://api.example.com/.well-known/oauth-protected-resource\"";

    // DPOP-RS-24
    [Theory]
    [InlineData("/strict")]
    [InlineData("/strict-by-attribute")]
    [InlineData("/group/loose")]
    public async Task A_route_that_requires_is_stricter_than_a_resource_that_observes(string path)
    {
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Options = options => options.Mode = SenderConstraintMode.Observe,
            Endpoints = app =>
            {
                app.MapGet("/strict", () => "").RequireSenderConstraint();
                app.MapGet("/strict-by-attribute", [SenderConstraint] () => "");
                app.MapGroup("/group").RequireSenderConstraint().MapGet("/loose", () => "").RequireSenderConstraint(SenderConstraintMode.Observe);
            },
        });

        HttpResponseMessage bearer = await api.SendAsync(HttpMethod.Get, path, $"Bearer {api.BearerToken()}");
        HttpResponseMessage bound = await api.GetAsync(path);

        bearer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        bearer.Headers.GetValues("WWW-Authenticate").ShouldHaveSingleItem().ShouldStartWith("DPoP error=");
        bound.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    // DPOP-RS-24
    [Fact]
    public async Task A_route_never_loosens_a_resource_that_requires()
    {
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Endpoints = app => app.MapGet("/loose", () => "").RequireSenderConstraint(SenderConstraintMode.Observe),
        });

        HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, "/loose", $"Bearer {api.BearerToken()}");

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    // DPOP-RS-24
    [Fact]
    public async Task A_constrained_route_is_not_open_to_requests_without_credentials()
    {
        await using TestApi api = await TestApi.StartAsync(new() { Endpoints = app => app.MapGet("/strict", () => "").RequireSenderConstraint() });

        (await api.SendAsync(HttpMethod.Get, "/strict", null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    // DPOP-RS-24
    [Fact]
    public async Task A_route_that_requires_is_enforced_though_authentication_ran_before_routing()
    {
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Options = options => options.Mode = SenderConstraintMode.Observe,
            Pipeline = app => app.UseAuthentication(),
            Endpoints = app => app.MapGet("/strict", () => "").RequireSenderConstraint(),
        });

        HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, "/strict", $"Bearer {api.BearerToken()}");

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    // DPOP-RS-24
    [Fact]
    public async Task A_constrained_route_does_not_take_the_identity_of_another_scheme_beside_a_good_proof()
    {
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Services = services => services.AddAuthentication("Holdfast").AddScheme<AuthenticationSchemeOptions, SessionHandler>("Session", _ => { }),
            Endpoints = app =>
            {
                app.MapGet("/session", (ClaimsPrincipal user) => user.Identity!.Name)
                    .RequireAuthorization(policy => policy.AddAuthenticationSchemes("Session").RequireAuthenticatedUser()).RequireSenderConstraint();
                app.MapGet("/either", (ClaimsPrincipal user) => user.Identity!.Name)
                    .RequireAuthorization(policy => policy.AddAuthenticationSchemes("Session", "Holdfast").RequireAuthenticatedUser()).RequireSenderConstraint();
            },
        });

        // The thief's own token and proof are good; the session is the victim's.
        (await api.GetAsync("/session")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await api.GetAsync("/either")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private sealed class SessionHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
            Task.FromResult(AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "victim")], "Session")), "Session")));
    }

    // DPOP-RS-25
    [Fact]
    public async Task A_proof_does_not_replace_the_application_s_own_policy()
    {
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Endpoints = app => app.MapGet("/admin", () => "").RequireAuthorization(policy => policy.RequireClaim("scope", "admin")),
        });

        HttpResponseMessage response = await api.GetAsync("/admin");

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        response.Headers.WwwAuthenticate.ToString().ShouldStartWith("DPoP error=\"insufficient_scope\"");
    }
}
