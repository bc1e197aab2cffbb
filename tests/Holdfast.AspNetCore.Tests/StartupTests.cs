using System.Net;
using Holdfast.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
            options.ReplayQuotaPerKey = 0;
            options.TokenCacheCapacity = 1;
            options.TokenClockSkew = TimeSpan.FromHours(1);
            options.JwksRefreshInterval = TimeSpan.Zero;
            options.UnknownKeyRefreshInterval = TimeSpan.Zero;
        });

        problems.Select(problem => problem[..problem.IndexOf(':')]).ShouldBe(
            ["Issuer", "Audience", "PublicOrigins", "Algorithms", "TokenAlgorithms", "Mode", "NonceMode", "Exemptions", "ReplayCapacity", "ReplayQuotaPerKey", "TokenCacheCapacity",
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
    public async Task Refuses_a_public_origin_in_the_clear_that_is_taken_from_the_audience()
    {
        (await ProblemsOf(options => options.Audience = "http://api.example.com")).ShouldHaveSingleItem().ShouldStartWith("Audience:");
        // Where the origin is declared, the audience is a name and nothing more.
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Options = options => (options.Audience, options.PublicOrigins) = ("http://api.example.com", ["https://api.example.com"]),
        });
    }

    // DPOP-RS-25
    [Fact]
    public async Task Refuses_an_interval_that_no_clock_can_count() =>
        (await ProblemsOf(options => options.UnknownKeyRefreshInterval = TimeSpan.MaxValue)).ShouldHaveSingleItem().ShouldStartWith("UnknownKeyRefreshInterval:");

    // DPOP-V-29
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Warns_where_nonces_may_outlive_the_memory_of_proofs(bool ownNonces)
    {
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Options = options => options.SingleInstance = true,
            Services = services =>
            {
                if (ownNonces)
                    services.AddKeyedSingleton<IDPoPNonces>(VerifierRole.ResourceServer,
                        (provider, _) => new DPoPNonces(provider.GetRequiredService<VerifierClock>(), VerifierRole.ResourceServer, new byte[32]));
            },
        });

        api.Recorded.Lines.Any(line => line.Level == LogLevel.Warning && line.Text.Contains("the application's nonces")).ShouldBe(ownNonces);
    }

    // AT-16
    [Fact]
    public void A_list_of_algorithms_in_configuration_takes_the_place_of_the_default()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Algorithms:0"] = "ES384",
            ["TokenAlgorithms:0"] = "PS256",
        }).Build();
        var options = new HoldfastOptions();

        configuration.Bind(options);

        options.Algorithms.ShouldBe(["ES384"]);
        options.TokenAlgorithms.ShouldBe(["PS256"]);
    }

    // DPOP-V-32
    [Fact]
    public async Task The_quota_of_one_scheme_does_not_narrow_that_of_another()
    {
        await using TestApi api = await TestApi.StartAsync(new()
        {
            ServicesBefore = services => services.RemoveAll<IReplayStore>(),
            Services = services => services.AddAuthentication("Holdfast").AddHoldfast("Second", options =>
            {
                options.Issuer = "https://issuer.example";
                options.Audience = "https://second.example";
                options.ReplayQuotaPerKey = 1;
            }),
        });
        api.Clock.Advance(TimeSpan.FromMinutes(2));

        (await api.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

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
    public void Reads_base_URLs_from_configuration_as_strings_and_as_objects()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["PublicOrigins:0"] = "https://a.example",
            ["PublicOrigins:1:Url"] = "https://b.example/x",
            ["PublicOrigins:1:StripPrefix"] = "/internal",
        }).Build();
        var options = new HoldfastOptions();

        configuration.Bind(options);

        options.PublicOrigins.ShouldBe(["https://a.example", new PublicOrigin { Url = "https://b.example/x", StripPrefix = "/internal" }]);
    }

    [Theory]
    [InlineData(NonceMode.OnDemand, false, true)]
    [InlineData(NonceMode.OnDemand, true, false)]
    [InlineData(NonceMode.Off, false, true)]
    [InlineData(NonceMode.Always, false, false)]
    public async Task Warns_where_a_second_instance_would_accept_a_proof_again(NonceMode mode, bool singleInstance, bool warns)
    {
        await using TestApi api = await TestApi.StartAsync(new() { Options = options => (options.NonceMode, options.SingleInstance) = (mode, singleInstance) });

        api.Recorded.Lines.Any(line => line.Level == LogLevel.Warning && line.Text.Contains("a second instance")).ShouldBe(warns);
    }

    [Fact]
    public async Task Starts_while_the_issuer_is_down()
    {
        await using TestApi api = await TestApi.StartAsync(new() { Issuer = new TestIssuer { IsDown = true } });

        (await api.SendAsync(HttpMethod.Get, "/open", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        api.Issuer.KeySetRequests.ShouldBe(0);
    }

    [Fact]
    public async Task Refuses_schemes_of_which_only_some_read_nonces() =>
        (await ProblemsOf(options => options.NonceMode = NonceMode.OnDemand, services => services.AddAuthentication("Holdfast").AddHoldfast("Second", options =>
        {
            options.Issuer = "https://issuer.example";
            options.Audience = TestApi.Url;
            options.NonceMode = NonceMode.Off;
        }))).ShouldHaveSingleItem().ShouldStartWith("NonceMode:");

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

    // DPOP-RS-16
    [Fact]
    public async Task A_policy_of_several_schemes_takes_the_token_of_one_and_gets_the_challenge_of_each()
    {
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Services = services => services.AddAuthentication("Holdfast").AddHoldfast("Second", options =>
            {
                options.Issuer = "https://issuer.example";
                options.Audience = "https://second.example";
            }),
            Endpoints = app => app.MapGet("/both", () => "").RequireSenderConstraint()
                .RequireAuthorization(policy => policy.AddAuthenticationSchemes("Holdfast", "Second").RequireAuthenticatedUser()),
        });

        HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, "/both", null);
        (await api.GetAsync("/both")).StatusCode.ShouldBe(HttpStatusCode.OK);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        string[] challenges = [.. response.Headers.GetValues("WWW-Authenticate")];
        challenges.Length.ShouldBe(2);
        challenges[0].ShouldContain("https://api.example.com/.well-known");
        challenges[1].ShouldContain("https://second.example/.well-known");
    }
}
