using System.Net;
using Holdfast.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore.Tests;

public class StartupTests
{
    private static async Task<string[]> ProblemsOf(Action<HoldfastOptions> options, Action<IServiceCollection>? services = null)
    {
        OptionsValidationException failure = await Should.ThrowAsync<OptionsValidationException>(
            async () => await (await TestApi.StartAsync(new() { Options = options, Services = services })).DisposeAsync());
        return [.. failure.Failures];
    }

    [Fact]
    public async Task Lists_every_problem_of_the_options_at_once()
    {
        string[] problems = await ProblemsOf(options =>
        {
            options.Issuer = "http://login.example.com?x=1";
            options.Audience = "";
            options.Algorithms = ["HS256"];
            options.TokenAlgorithms = ["none"];
            options.Mode = (SenderConstraintMode)7;
            options.NonceMode = (NonceMode)9;
            options.Exemptions.Add(new("", "", default));
            options.ReplayCapacity = 0;
            options.TokenCacheCapacity = 0;
            options.TokenClockSkew = TimeSpan.FromHours(1);
            options.JwksRefreshInterval = TimeSpan.Zero;
            options.UnknownKeyRefreshInterval = TimeSpan.Zero;
        });

        problems.Select(problem => problem[..problem.IndexOf(':')]).ShouldBe(
            ["Issuer", "Audience", "PublicOrigins", "Algorithms", "TokenAlgorithms", "Mode", "NonceMode", "Exemptions", "ReplayCapacity", "TokenCacheCapacity",
                "TokenClockSkew", "JwksRefreshInterval", "UnknownKeyRefreshInterval"]);
    }

    // AT-50
    [Theory]
    [InlineData("")]
    [InlineData("login.example.com")]
    [InlineData("http://login.example.com")]
    [InlineData("https://user@login.example.com")]
    [InlineData("https://login.example.com/#x")]
    [InlineData("ftp://login.example.com")]
    public async Task Refuses_an_issuer_that_is_not_an_https_URL(string issuer) =>
        (await ProblemsOf(options => options.Issuer = issuer)).ShouldHaveSingleItem().ShouldStartWith("Issuer:");

    [Theory]
    [InlineData("http://localhost:7100")]
    [InlineData("http://127.0.0.1:7100")]
    [InlineData("http://[::1]:7100")]
    public async Task Takes_an_http_issuer_on_loopback(string issuer)
    {
        await using TestApi api = await TestApi.StartAsync(new() { Issuer = new TestIssuer(issuer) });

        (await api.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Takes_an_http_issuer_elsewhere_only_when_told_and_then_warns()
    {
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Issuer = new TestIssuer("http://login.internal"),
            Options = options => options.DangerouslyAllowHttp = true,
        });

        (await api.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        api.Recorded.Lines.ShouldContain(line => line.Level == LogLevel.Warning && line.Text.Contains("DangerouslyAllowHttp"));
    }

    // DPOP-V-21
    [Theory]
    [InlineData("https://api.example.com?x=1")]
    [InlineData("https://user@api.example.com")]
    [InlineData("api.example.com")]
    [InlineData("http://api.example.com")]
    public async Task Refuses_a_public_origin_that_is_not_a_base_URL(string url) =>
        (await ProblemsOf(options => options.PublicOrigins = [url])).ShouldHaveSingleItem().ShouldStartWith("PublicOrigins:");

    // DPOP-V-21
    [Fact]
    public async Task Names_the_setting_that_tells_the_public_URL() =>
        (await ProblemsOf(options => options.Audience = "orders")).ShouldHaveSingleItem().ShouldStartWith("PublicOrigins: missing");

    // DPOP-V-21
    [Fact]
    public async Task Refuses_forwarded_headers_from_anyone_and_for_any_host()
    {
        string[] problems = await ProblemsOf(options => options.UseForwardedHeaders = true,
            services => services.Configure<ForwardedHeadersOptions>(options =>
            {
                options.KnownProxies.Clear();
                options.KnownIPNetworks.Clear();
                options.AllowedHosts.Add("*.example.com");
            }));

        problems.Length.ShouldBe(3);
        problems.ShouldAllBe(problem => problem.StartsWith("UseForwardedHeaders: ForwardedHeadersOptions"));
        (await ProblemsOf(options => options.UseForwardedHeaders = true,
            services => services.Configure<ForwardedHeadersOptions>(options => options.ForwardedHeaders = Microsoft.AspNetCore.HttpOverrides.ForwardedHeaders.All)))
            .ShouldHaveSingleItem().ShouldContain("AllowedHosts is empty");
    }

    [Fact]
    public async Task Starts_while_the_issuer_is_down()
    {
        await using TestApi api = await TestApi.StartAsync(new() { Issuer = new TestIssuer { IsDown = true } });

        (await api.SendAsync(HttpMethod.Get, "/open", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        api.Issuer.KeySetRequests.ShouldBe(0);
    }

    [Fact]
    public async Task Two_schemes_share_one_memory_of_proofs()
    {
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Services = services => services.AddAuthentication("Holdfast").AddHoldfast("Second", options =>
            {
                options.Issuer = "https://issuer.example";
                options.Audience = TestApi.Url;
                options.NonceMode = NonceMode.OnDemand;
            }),
            Endpoints = app => app.MapGet("/second", () => "").RequireAuthorization(policy => policy.AddAuthenticationSchemes("Second").RequireAuthenticatedUser()),
        });
        string token = api.BoundToken();
        TestProof proof = api.Proof("GET", "/second", token);

        (await api.GetAsync("/second", token, proof)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        api.Recorded.Failure.ShouldBe(VerificationFailure.ProofReplayed);
    }
}
