using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.AspNetCore.Tests;

public class AcceptanceTests
{
    // DPOP-RS-02
    [Fact]
    public async Task Accepts_a_bound_token_with_a_proof_of_its_key()
    {
        await using TestApi api = await TestApi.StartAsync();

        HttpResponseMessage response = await api.GetAsync("/orders");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync()).ShouldBe("orders-client");
        api.Recorded.Signals.ShouldBeEmpty();
    }

    // AT-35
    [Fact]
    public async Task Checks_the_proof_of_every_request_though_the_token_is_remembered()
    {
        await using TestApi api = await TestApi.StartAsync();
        string token = api.BoundToken();

        (await api.GetAsync("/orders", token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.GetAsync("/orders", token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        HttpResponseMessage response = await api.GetAsync("/orders", token, api.Proof("POST", "/orders", token));

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        api.Recorded.Failure.ShouldBe(VerificationFailure.MethodMismatch);
    }

    // DPOP-RS-05
    [Theory]
    [InlineData("dpop")]
    [InlineData("DPOP")]
    public async Task Takes_the_scheme_in_any_case(string scheme)
    {
        await using TestApi api = await TestApi.StartAsync();
        string token = api.BoundToken();

        HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, "/orders", $"{scheme} {token}", api.Proof("GET", "/orders", token).Sign());

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Gives_one_scope_claim_a_scope_and_the_subject_as_name()
    {
        ClaimsPrincipal? seen = null;
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Endpoints = app => app.MapGet("/me", (ClaimsPrincipal user) => { seen = user; }).RequireAuthorization(policy => policy.RequireClaim("scope", "orders.write")),
        });

        (await api.GetAsync("/me")).StatusCode.ShouldBe(HttpStatusCode.OK);

        seen!.FindAll("scope").Select(claim => claim.Value).ShouldBe(["orders.read", "orders.write"]);
        seen.Identity!.Name.ShouldBe("orders-client");
        seen.FindFirst("iss")!.Value.ShouldBe(api.Issuer.Url);
    }

    [Fact]
    public async Task Claims_added_to_one_request_are_not_seen_by_the_next()
    {
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Services = services => services.AddTransient<IClaimsTransformation, AddsAClaim>(),
            Endpoints = app => app.MapGet("/added", (ClaimsPrincipal user) => user.FindAll("added").Count()).RequireAuthorization(),
        });
        string token = api.BoundToken();

        for (int i = 0; i < 3; i++)
            (await (await api.GetAsync("/added", token)).Content.ReadAsStringAsync()).ShouldBe("1");
    }

    private sealed class AddsAClaim : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            ((ClaimsIdentity)principal.Identity!).AddClaim(new Claim("added", "yes"));
            return Task.FromResult(principal);
        }
    }

    [Fact]
    public async Task Hands_the_verdict_to_the_application()
    {
        IHoldfastFeature? seen = null;
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Endpoints = app => app.MapGet("/verdict", (HttpContext context) => { seen = context.Features.Get<IHoldfastFeature>(); }),
        });

        (await api.GetAsync("/verdict")).StatusCode.ShouldBe(HttpStatusCode.OK);

        seen!.Verdict.IsAccepted.ShouldBeTrue();
        seen.Verdict.Proof!.Thumbprint.ToString().ShouldBe(api.Key.Thumbprint);
        seen.Mode.ShouldBe(SenderConstraintMode.Require);
    }

    [Fact]
    public async Task Leaves_an_open_endpoint_open()
    {
        await using TestApi api = await TestApi.StartAsync();

        HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, "/open", null);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.WwwAuthenticate.ShouldBeEmpty();
    }

    // DPOP-V-27
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_that_the_application_runs_again_is_no_replay_of_itself(bool newScope)
    {
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Pipeline = app => app.UseExceptionHandler("/failed", newScope),
            Endpoints = app =>
            {
                app.MapGet("/fails", string () => throw new InvalidOperationException()).RequireAuthorization();
                app.MapGet("/failed", (ClaimsPrincipal user) => user.Identity!.Name).RequireAuthorization();
            },
        });

        HttpResponseMessage response = await api.GetAsync("/fails");

        (await response.Content.ReadAsStringAsync()).ShouldBe("orders-client");
        api.Recorded.Signals.ShouldBeEmpty();
    }

    // DPOP-RS-24
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_an_observing_endpoint_let_in_is_not_let_in_again_by_one_that_requires(bool newScope)
    {
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Options = options => options.Mode = SenderConstraintMode.Observe,
            Pipeline = app => app.UseExceptionHandler("/failed", newScope),
            Endpoints = app =>
            {
                app.MapGet("/fails", string () => throw new InvalidOperationException()).RequireAuthorization();
                app.MapGet("/failed", () => "secret").RequireSenderConstraint();
            },
        });

        HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, "/fails", $"Bearer {api.BearerToken()}");

        (await response.Content.ReadAsStringAsync()).ShouldBeEmpty();
    }
}
