using System.Net;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore.JwtBearer.Tests;

public class StartupTests
{
    private static async Task<string[]> ProblemsOf(BearerApiSetup setup)
    {
        OptionsValidationException failure = await Should.ThrowAsync<OptionsValidationException>(async () => await (await BearerApi.StartAsync(setup)).DisposeAsync());
        return [.. failure.Failures];
    }

    [Fact]
    public async Task Lists_every_problem_of_the_options_at_once()
    {
        string[] problems = await ProblemsOf(new()
        {
            Bearer = options => options.Audience = "orders",
            Constraint = options =>
            {
                options.Algorithms = ["HS256"];
                options.Mode = (SenderConstraintMode)7;
                options.NonceMode = (NonceMode)9;
                options.Exemptions.Add(new("", "", default));
                options.ReplayCapacity = 0;
                options.ReplayQuotaPerKey = 0;
            },
        });

        problems.Select(problem => problem[..problem.IndexOf(':')]).ShouldBe(["PublicOrigins", "Algorithms", "Mode", "NonceMode", "Exemptions", "ReplayCapacity", "ReplayQuotaPerKey"]);
    }

    // DPOP-V-21
    [Theory]
    [InlineData("orders", null, false)]
    [InlineData("https://api.example.com", null, true)]
    [InlineData("https://api.example.com/v1", null, true)]
    [InlineData("orders", "https://api.example.com", true)]
    // Of two origins one would be a guess.
    [InlineData("https://api.example.com", "https://other.example.com", false)]
    [InlineData("http://api.example.com", null, false)]
    public async Task Takes_the_public_origin_from_the_only_audience_that_is_a_URL(string audience, string? another, bool starts)
    {
        var setup = new BearerApiSetup
        {
            Bearer = options =>
            {
                options.Audience = audience;
                options.TokenValidationParameters.ValidAudiences = another is null ? null : [another];
                options.TokenValidationParameters.AudienceValidator = (_, _, _) => true;
            },
        };
        if (!starts)
        {
            (await ProblemsOf(setup)).ShouldHaveSingleItem();
            return;
        }
        await using BearerApi api = await BearerApi.StartAsync(setup);
        (await api.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    // DPOP-V-21
    [Fact]
    public async Task Takes_the_public_origins_that_were_declared()
    {
        await using BearerApi api = await BearerApi.StartAsync(new() { Constraint = options => options.PublicOrigins = ["https://public.example/orders-service"] });
        string token = api.Token();

        (await api.GetAsync("/orders", token, new TestProof(api.Key, "GET", "https://public.example/orders-service/orders", api.Clock.UtcNow, token))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Reads_its_options_from_configuration()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Mode"] = "Observe", ["PublicOrigins:0"] = BearerApi.Url, ["Algorithms:0"] = "ES384",
        }).Build();
        await using BearerApi api = await BearerApi.StartAsync(new() { Constraint = options => configuration.Bind(options) });

        (await api.SendAsync("/orders", $"Bearer {api.UnboundToken()}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        api.Recorded.Signals.Last().Failure.Failure.ShouldBe(VerificationFailure.ProofAlgorithmNotAllowed);
    }

    // DPOP-RS-03
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refuses_to_start_where_something_later_replaces_its_events(bool byType)
    {
        string[] problems = await ProblemsOf(new()
        {
            Services = services => services.PostConfigure<JwtBearerOptions>("Bearer", options =>
            {
                if (byType)
                    options.EventsType = typeof(JwtBearerEvents);
                else
                    options.Events = new JwtBearerEvents();
            }),
        });

        problems.ShouldHaveSingleItem().ShouldStartWith("AddSenderConstraint: something that is configured later replaces the events");
    }

    // DPOP-RS-03: a scheme that hands authentication on never looks at the token itself.
    [Theory]
    [InlineData("authenticate")]
    [InlineData("default")]
    [InlineData("selector")]
    public async Task Refuses_to_start_where_the_scheme_hands_authentication_on(string by)
    {
        string[] problems = await ProblemsOf(new()
        {
            Services = services => services.PostConfigure<JwtBearerOptions>("Bearer", options =>
            {
                options.ForwardAuthenticate = by == "authenticate" ? "Legacy" : null;
                options.ForwardDefault = by == "default" ? "Legacy" : null;
                options.ForwardDefaultSelector = by == "selector" ? _ => "Legacy" : null;
            }),
        });

        problems.ShouldHaveSingleItem().ShouldContain(by == "selector" ? "ForwardDefaultSelector" : "forwards authentication to 'Legacy'");
    }

    [Fact]
    public async Task Refuses_to_start_for_a_scheme_that_is_no_bearer_scheme() =>
        (await ProblemsOf(new() { Schemes = schemes => schemes.AddSenderConstraint("Nobody", options => options.PublicOrigins = [BearerApi.Url]) }))
            .ShouldHaveSingleItem().ShouldStartWith("AddSenderConstraint: 'Nobody' is no JWT bearer scheme");

    private sealed class OwnWay(IOptionsMonitor<JwtBearerOptions> options, ILoggerFactory logger, UrlEncoder encoder) : JwtBearerHandler(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());
    }

    private sealed class OwnChallenge(IOptionsMonitor<JwtBearerOptions> options, ILoggerFactory logger, UrlEncoder encoder) : JwtBearerHandler(options, logger, encoder)
    {
        protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
        {
            await base.HandleChallengeAsync(properties);
            Response.Headers["X-Own"] = "yes";
        }
    }

    private static BearerApiSetup WithHandler<T>() where T : JwtBearerHandler => new()
    {
        Services = services => services.Configure<AuthenticationOptions>(options => options.SchemeMap["Bearer"].HandlerType = typeof(T)),
    };

    // DPOP-RS-03
    [Fact]
    public async Task Refuses_to_start_with_a_handler_that_authenticates_by_itself() =>
        (await ProblemsOf(WithHandler<OwnWay>())).ShouldHaveSingleItem().ShouldStartWith("AddSenderConstraint: the handler OwnWay");

    [Fact]
    public async Task Goes_with_a_handler_of_the_application_that_does_not()
    {
        await using BearerApi api = await BearerApi.StartAsync(WithHandler<OwnChallenge>());

        (await api.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.SendAsync("/orders", $"Bearer {api.Token()}")).Headers.GetValues("X-Own").ShouldHaveSingleItem();
    }

    // DPOP-V-27
    [Fact]
    public async Task Called_twice_for_a_scheme_it_verifies_once_and_takes_both_settings()
    {
        await using BearerApi api = await BearerApi.StartAsync(new() { Schemes = schemes => schemes.AddSenderConstraint(options => options.Observe()) });

        (await api.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.SendAsync("/orders", $"Bearer {api.UnboundToken()}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        api.Recorded.Lines.Count(line => line.Text.Contains("takes tokens of")).ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Says_at_start_what_it_enforces_and_what_was_loosened(bool observes)
    {
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            ServicesBefore = services => services.RemoveAll<IReplayStore>(),
            Constraint = options =>
            {
                options.Mode = observes ? SenderConstraintMode.Observe : SenderConstraintMode.Require;
                options.Exemptions.Add(new("ticket 4711", "batch", new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)));
            },
        });

        string[] lines = [.. api.Recorded.Lines.Select(line => line.Text)];
        lines.ShouldContain(line => line.Contains($"{BearerApi.Url} takes tokens of https://issuer.example; sender constraint: {(observes ? "Observe" : "Require")}"));
        lines.ShouldContain(line => line.Contains("ticket 4711"));
        lines.ShouldContain(line => line.Contains("a second instance would accept the same proof again"));
    }

    // DPOP-V-27
    [Fact]
    public async Task Refuses_schemes_of_which_only_some_read_nonces() =>
        (await ProblemsOf(new()
        {
            Schemes = schemes => schemes.AddHoldfast(options => (options.Issuer, options.Audience, options.NonceMode) = ("https://issuer.example", BearerApi.Url, NonceMode.Off)),
        })).ShouldHaveSingleItem().ShouldStartWith("NonceMode:");

    // DPOP-V-29
    [Theory]
    [InlineData(NonceMode.OnDemand, false, false)]
    [InlineData(NonceMode.Always, false, true)]
    [InlineData(null, false, true)]
    [InlineData(NonceMode.Always, true, false)]
    public async Task Takes_several_replicas_only_where_every_proof_has_a_nonce_of_its_process(NonceMode? nonces, bool isSingle, bool starts)
    {
        var setup = new BearerApiSetup { Constraint = options => (options.Replicas, options.NonceMode, options.SingleInstance) = (3, nonces, isSingle) };
        if (!starts)
        {
            (await ProblemsOf(setup)).ShouldHaveSingleItem().ShouldStartWith("Replicas: 3 processes");
            return;
        }
        await using BearerApi api = await BearerApi.StartAsync(setup);
        (await api.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        api.Recorded.Failure.ShouldBe(VerificationFailure.NonceMissing);
    }

    // DPOP-V-27
    [Fact]
    public async Task Does_not_start_with_a_store_that_accepts_a_proof_twice() =>
        (await Should.ThrowAsync<InvalidOperationException>(
            async () => await (await BearerApi.StartAsync(new() { ServicesBefore = services => services.AddSingleton<IReplayStore>(new Forgetful()) })).DisposeAsync()))
            .Message.ShouldContain("accepted a made-up proof twice");

    private sealed class Forgetful : IReplayStore
    {
        public ValueTask<ReplayResult> TryAddAsync(ReplayRecord record, CancellationToken cancellationToken) => new(ReplayResult.Added);
    }

    // DPOP-V-32
    [Fact]
    public async Task Uses_the_memory_of_proofs_that_its_options_ask_for()
    {
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            ServicesBefore = services => services.RemoveAll<IReplayStore>(),
            Constraint = options => (options.SingleInstance, options.ReplayCapacity, options.ReplayQuotaPerKey) = (true, 16, 1),
        });
        api.Clock.Advance(TimeSpan.FromMinutes(2));

        (await api.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        api.Recorded.Failure.ShouldBe(VerificationFailure.ReplayStoreFull);
    }
}
