using System.Net;
using System.Security.Claims;
using Holdfast.AspNetCore.Tests.Certificates;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.IdentityModel.Tokens;

namespace Holdfast.AspNetCore.JwtBearer.Tests;

/// <summary>The application's events: all of them are called as before, and none of them is a way around the verifier.</summary>
public class EventTests
{
    private static JwtBearerEvents Recording(List<string> seen) => new()
    {
        OnMessageReceived = _ => Note(seen, "MessageReceived"),
        OnTokenValidated = _ => Note(seen, "TokenValidated"),
        OnAuthenticationFailed = _ => Note(seen, "AuthenticationFailed"),
        OnChallenge = _ => Note(seen, "Challenge"),
        OnForbidden = _ => Note(seen, "Forbidden"),
    };

    private static Task Note(List<string> seen, string name)
    {
        seen.Add(name);
        return Task.CompletedTask;
    }

    private static void Forbidden(WebApplication app) => app.MapGet("/admin", () => "").RequireAuthorization(policy => policy.RequireClaim("scope", "admin"));

    [Theory]
    [InlineData("/orders", "good", "MessageReceived TokenValidated")]
    [InlineData("/admin", "good", "MessageReceived TokenValidated Forbidden")]
    [InlineData("/orders", "", "MessageReceived Challenge")]
    [InlineData("/orders", "forged", "MessageReceived AuthenticationFailed Challenge")]
    public async Task Are_called_in_their_order(string path, string kind, string expected)
    {
        List<string> seen = [], before = [];
        foreach ((List<string> calls, bool unconstrained) in new[] { (seen, false), (before, true) })
        {
            await using BearerApi api = await BearerApi.StartAsync(new()
            {
                Constraint = options => options.Observe(), Unconstrained = unconstrained, Bearer = options => options.Events = Recording(calls), Endpoints = Forbidden,
            });
            string token = api.UnboundToken();
            await api.SendAsync(path, kind switch { "good" => $"Bearer {token}", "forged" => $"Bearer {token[..^8]}AAAAAAAA", _ => null });
        }

        seen.ShouldBe(expected.Split(' '));
        // The order is that of the API without the constraint.
        before.ShouldBe(seen);
    }

    [Fact]
    public async Task A_caller_who_proved_nothing_never_reaches_OnTokenValidated()
    {
        List<string> seen = [];
        await using BearerApi api = await BearerApi.StartAsync(new() { Constraint = options => options.Observe(), Bearer = options => options.Events = Recording(seen) });

        await api.SendAsync("/orders", $"Bearer {api.Token()}");

        seen.ShouldBe(["MessageReceived", "Challenge"]);
    }

    private sealed class ServiceEvents(ServiceEvents.Log log) : JwtBearerEvents
    {
        private string? _path;

        public sealed class Log { public List<string> Seen { get; } = []; }

        public override Task MessageReceived(MessageReceivedContext context)
        {
            _path = context.Request.Path;
            return Task.CompletedTask;
        }

        // One instance a request: what it remembers is there.
        public override Task TokenValidated(TokenValidatedContext context) => Note(log.Seen, "validated " + _path);

        public override Task Challenge(JwtBearerChallengeContext context) => Note(log.Seen, "challenge " + _path);
    }

    [Fact]
    public async Task Of_a_service_are_those_of_one_instance_a_request()
    {
        var log = new ServiceEvents.Log();
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            ServicesBefore = services => services.AddSingleton(log).AddTransient<ServiceEvents>(),
            Bearer = options => options.EventsType = typeof(ServiceEvents),
        });

        (await api.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.SendAsync("/orders/7", $"Bearer {api.Token()}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        log.Seen.ShouldBe(["validated /orders", "challenge /orders/7"]);
    }

    [Fact]
    public async Task Added_after_the_constraint_are_called_too_and_it_stays_in_force()
    {
        List<string> seen = [];
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            Bearer = options => options.Events = Recording(seen),
            Services = services => services.PostConfigure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, options =>
            {
                Func<TokenValidatedContext, Task> earlier = options.Events.OnTokenValidated;
                options.Events.OnTokenValidated = async context =>
                {
                    await earlier(context);
                    seen.Add("added");
                };
            }),
        });

        (await api.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.SendAsync("/orders", $"Bearer {api.Token()}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        seen.ShouldBe(["MessageReceived", "TokenValidated", "added", "MessageReceived", "Challenge"]);
    }

    // --- Ways around the verifier ---

    private static Task LetIn(ResultContext<JwtBearerOptions> context)
    {
        context.Principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "let-in")], "event"));
        context.Success();
        return Task.CompletedTask;
    }

    // DPOP-RS-03
    [Theory]
    [InlineData(SenderConstraintMode.Require)]
    [InlineData(SenderConstraintMode.Observe)]
    public async Task Cannot_let_in_a_caller_before_a_token_was_validated(SenderConstraintMode mode)
    {
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            Constraint = options => options.Mode = mode,
            Bearer = options => options.Events = new JwtBearerEvents { OnMessageReceived = LetIn },
        });

        (await api.SendAsync("/orders", $"Bearer {api.Token()}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        api.Recorded.Failure.ShouldBe(VerificationFailure.ConfirmationUnreadable);
    }

    // DPOP-RS-03
    [Theory]
    [InlineData(SenderConstraintMode.Require)]
    [InlineData(SenderConstraintMode.Observe)]
    public async Task Cannot_let_in_a_caller_whose_token_was_not_accepted(SenderConstraintMode mode)
    {
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            Constraint = options => options.Mode = mode,
            Bearer = options => options.Events = new JwtBearerEvents { OnAuthenticationFailed = LetIn },
        });
        string token = api.Token();
        api.Clock.Advance(TimeSpan.FromMinutes(10));

        (await api.SendAsync("/orders", $"Bearer {token}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        api.Recorded.Failure.ShouldBe(VerificationFailure.ConfirmationUnreadable);
    }

    [Fact]
    public async Task May_name_another_principal_for_a_caller_who_proved_possession()
    {
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            Bearer = options => options.Events = new JwtBearerEvents { OnTokenValidated = LetIn },
            Endpoints = app => app.MapGet("/strict", (ClaimsPrincipal user) => user.FindFirst("sub")!.Value).RequireSenderConstraint(),
        });

        (await (await api.GetAsync("/strict")).Content.ReadAsStringAsync()).ShouldBe("let-in");
        (await api.SendAsync("/strict", $"Bearer {api.Token()}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task May_refuse_a_caller_who_proved_possession()
    {
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            Bearer = options => options.Events = new JwtBearerEvents { OnTokenValidated = context => { context.Fail("blocked"); return Task.CompletedTask; } },
        });

        HttpResponseMessage response = await api.GetAsync("/orders");

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.ToString().ShouldStartWith("DPoP error=\"invalid_token\"");
        // The door had no objection.
        api.Recorded.Signals.ShouldBeEmpty();
    }

    [Fact]
    public async Task That_throw_after_the_proof_was_spent_do_not_make_it_look_like_a_replay()
    {
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            Bearer = options => options.Events = new JwtBearerEvents
            {
                OnTokenValidated = _ => throw new InvalidOperationException("the database of users"),
                OnAuthenticationFailed = context => { context.NoResult(); return Task.CompletedTask; },
            },
        });

        (await api.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        api.Recorded.Signals.ShouldBeEmpty();
    }

    // --- Tokens from elsewhere ---

    private static BearerApiSetup WithCookie(SenderConstraintMode mode) => new()
    {
        Constraint = options => options.Mode = mode,
        Bearer = options => options.Events = new JwtBearerEvents
        {
            OnMessageReceived = context =>
            {
                context.Token = context.Request.Cookies["token"] ?? context.Request.Query["access_token"];
                return Task.CompletedTask;
            },
        },
    };

    // DPOP-RS-03
    [Theory]
    [InlineData(SenderConstraintMode.Require)]
    [InlineData(SenderConstraintMode.Observe)]
    public async Task Enforces_a_bound_token_that_the_application_took_from_a_cookie_or_the_query(SenderConstraintMode mode)
    {
        await using BearerApi api = await BearerApi.StartAsync(WithCookie(mode));
        string token = api.Token();

        HttpResponseMessage cookie = await api.SendAsync("/orders", null, api.Proof("GET", "/orders", token).Sign(), cookie: $"token={token}");
        HttpResponseMessage query = await api.SendAsync($"/orders?access_token={token}", null, api.Proof("GET", "/orders", token).Sign());

        cookie.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        query.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        api.Recorded.Signals.Select(signal => signal.Failure.Failure).ShouldBe([VerificationFailure.BoundTokenAsBearer, VerificationFailure.BoundTokenAsBearer]);
    }

    // DPOP-RS-03
    [Fact]
    public async Task A_proof_for_the_token_of_the_header_does_not_cover_the_one_the_application_took()
    {
        await using BearerApi api = await BearerApi.StartAsync(WithCookie(SenderConstraintMode.Observe));
        string stolen = api.Issuer.Token(BearerApi.Url, api.Clock.UtcNow, TestKey.Es256().Thumbprint, "victim"), own = api.Token();

        HttpResponseMessage response = await api.SendAsync("/orders", $"DPoP {own}", api.Proof("GET", "/orders", own).Sign(), cookie: $"token={stolen}");

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        api.Recorded.Failure.ShouldBe(VerificationFailure.BoundTokenAsBearer);
        api.Recorded.Signals.Single().ClientId.ShouldBe("victim");
    }

    [Fact]
    public async Task An_unbound_token_that_the_application_takes_from_elsewhere_goes_on_while_observing()
    {
        await using BearerApi api = await BearerApi.StartAsync(WithCookie(SenderConstraintMode.Observe));

        (await api.SendAsync("/orders", null, cookie: $"token={api.UnboundToken()}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.SendAsync($"/orders?access_token={api.UnboundToken()}", null)).StatusCode.ShouldBe(HttpStatusCode.OK);

        api.Recorded.Signals.ShouldAllBe(signal => !signal.Refused && signal.Failure.Failure == VerificationFailure.UnboundToken);
        api.Recorded.Signals.Count.ShouldBe(2);
    }

    // MTLS-25
    [Fact]
    public async Task A_certificate_bound_token_that_the_application_took_from_a_cookie_needs_its_certificate()
    {
        var certificate = TestCertificates.SelfSigned();
        await using BearerApi with = await BearerApi.StartAsync(WithCookie(SenderConstraintMode.Require) with { Certificate = certificate });
        await using BearerApi without = await BearerApi.StartAsync(WithCookie(SenderConstraintMode.Require));

        (await with.SendAsync("/orders", null, cookie: $"token={with.Token(false, certificate)}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await without.SendAsync("/orders", null, cookie: $"token={without.Token(false, certificate)}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        without.Recorded.Failure.ShouldBe(VerificationFailure.CertificateMissing);
    }

    [Fact]
    public async Task A_token_that_the_application_read_from_the_DPoP_scheme_itself_is_under_that_scheme()
    {
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            Bearer = options => options.Events = new JwtBearerEvents
            {
                OnMessageReceived = context => { context.Token = context.Request.Headers.Authorization.ToString().Split(' ')[^1]; return Task.CompletedTask; },
            },
        });

        (await api.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    // DPOP-RS-03
    [Fact]
    public async Task What_an_earlier_run_of_the_request_proved_does_not_cover_another_token()
    {
        // The application takes the token from a cookie on its error page, and from the header elsewhere.
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            Bearer = options => options.Events = new JwtBearerEvents
            {
                OnMessageReceived = context =>
                {
                    if (context.Request.Path == "/failed")
                        context.Token = context.Request.Cookies["token"];
                    return Task.CompletedTask;
                },
            },
            Pipeline = app => app.UseExceptionHandler("/failed", createScopeForErrors: true),
            Endpoints = app =>
            {
                app.MapGet("/fails", string () => throw new InvalidOperationException()).RequireAuthorization();
                app.MapGet("/failed", (ClaimsPrincipal user) => user.FindFirst("sub")!.Value).RequireAuthorization();
            },
        });
        string own = api.Token(), stolen = api.Issuer.Token(BearerApi.Url, api.Clock.UtcNow, TestKey.Es256().Thumbprint, "victim");

        HttpResponseMessage response = await api.SendAsync("/fails", $"DPoP {own}", api.Proof("GET", "/fails", own).Sign(), cookie: $"token={stolen}");

        (await response.Content.ReadAsStringAsync()).ShouldNotContain("victim");
        api.Recorded.Failure.ShouldBe(VerificationFailure.BoundTokenAsBearer);
    }

    // --- The challenge ---

    // DPOP-RS-09, DPOP-RS-19
    [Fact]
    public async Task A_body_of_the_application_s_own_still_comes_with_challenge_and_nonce()
    {
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            Constraint = options => options.NonceMode = NonceMode.Always,
            Bearer = options => options.Events = new JwtBearerEvents
            {
                OnChallenge = async context =>
                {
                    context.HandleResponse();
                    context.Response.StatusCode = 401;
                    await context.Response.WriteAsync("no entry");
                },
            },
        });

        HttpResponseMessage response = await api.GetAsync("/orders");

        (await response.Content.ReadAsStringAsync()).ShouldBe("no entry");
        response.Headers.GetValues("WWW-Authenticate").ShouldHaveSingleItem().ShouldStartWith("DPoP error=\"use_dpop_nonce\"");
        response.Headers.GetValues("DPoP-Nonce").ShouldHaveSingleItem();
    }

    // DPOP-RS-15, DPOP-RS-16
    [Fact]
    public async Task The_application_s_own_realm_and_texts_stay_in_the_Bearer_challenge_while_it_is_offered()
    {
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            Constraint = options => options.Observe(),
            Bearer = options =>
            {
                options.Challenge = "Bearer realm=\"orders\"";
                options.Events = new JwtBearerEvents { OnChallenge = context => { context.ErrorUri = "https://api.example.com/help"; return Task.CompletedTask; } };
            },
        });
        string expired = api.UnboundToken();
        api.Clock.Advance(TimeSpan.FromMinutes(10));

        string[] bearer = Challenges(await api.SendAsync("/orders", $"Bearer {expired}"));
        string[] bound = Challenges(await api.SendAsync("/orders", $"Bearer {api.Token()}"));
        string[] dpop = Challenges(await api.SendAsync("/orders", $"DPoP {api.Token()}"));

        bearer[0].ShouldBe("DPoP algs=\"ES256 ES384 PS256 PS384\"");
        bearer[1].ShouldStartWith("Bearer realm=\"orders\", error=\"invalid_token\", error_description=\"The token expired at");
        bearer[1].ShouldEndWith("error_uri=\"https://api.example.com/help\"");
        bound[1].ShouldStartWith($"Bearer realm=\"orders\", error=\"invalid_token\", error_description=\"{FailureCatalog.Get(VerificationFailure.BoundTokenAsBearer).Description}\"");
        dpop[0].ShouldStartWith("DPoP error=\"invalid_dpop_proof\"");
        dpop[1].ShouldNotContain("error=");

        static string[] Challenges(HttpResponseMessage response) => [.. response.Headers.GetValues("WWW-Authenticate")];
    }

    // DPOP-RS-14, DPOP-RS-24
    [Fact]
    public async Task Require_offers_the_DPoP_scheme_alone_and_names_no_error_where_nothing_was_sent()
    {
        await using BearerApi api = await BearerApi.StartAsync();

        HttpResponseMessage response = await api.SendAsync("/orders", null);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.GetValues("WWW-Authenticate").ShouldBe(["DPoP algs=\"ES256 ES384 PS256 PS384\""]);
        api.Recorded.Failure.ShouldBe(VerificationFailure.CredentialsMissing);
    }

    // DPOP-RS-16, MTLS-24
    [Fact]
    public async Task Require_offers_the_Bearer_scheme_too_where_certificates_count()
    {
        await using BearerApi api = await BearerApi.StartAsync(new() { Constraint = options => options.UseClientCertificates = true });

        string[] none = [.. (await api.SendAsync("/orders", null)).Headers.GetValues("WWW-Authenticate")];
        string[] missing = [.. (await api.SendAsync("/orders", $"Bearer {api.Token(false, TestCertificates.SelfSigned())}")).Headers.GetValues("WWW-Authenticate")];
        HttpResponseMessage unbound = await api.SendAsync("/orders", $"Bearer {api.UnboundToken()}");

        none.ShouldBe(["DPoP algs=\"ES256 ES384 PS256 PS384\"", "Bearer"]);
        missing[1].ShouldStartWith("Bearer error=\"invalid_token\"");
        unbound.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_a_caller_may_not_is_told_in_the_challenge_of_its_scheme()
    {
        await using BearerApi api = await BearerApi.StartAsync(new() { Endpoints = Forbidden });

        HttpResponseMessage response = await api.GetAsync("/admin");

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        response.Headers.WwwAuthenticate.ToString().ShouldStartWith("DPoP error=\"insufficient_scope\"");
    }

    // DPOP-RS-17, DPOP-RS-06
    [Theory]
    [InlineData("Basic dTpw", 401, VerificationFailure.SchemeUnsupported)]
    [InlineData("DPoP", 400, VerificationFailure.AuthorizationMalformed)]
    [InlineData("Bearer", 400, VerificationFailure.AuthorizationMalformed)]
    [InlineData("DPoP a b", 400, VerificationFailure.AuthorizationMalformed)]
    [InlineData("DPoP not-a-jwt", 401, VerificationFailure.TokenMalformed)]
    [InlineData("Bearer not-a-jwt", 401, VerificationFailure.TokenMalformed)]
    public async Task Names_what_was_wrong_with_the_credentials(string authorization, int status, VerificationFailure failure)
    {
        await using BearerApi api = await BearerApi.StartAsync();

        ((int)(await api.SendAsync("/open", authorization)).StatusCode).ShouldBe(200);
        api.Recorded.Signals.ShouldBeEmpty();
        ((int)(await api.SendAsync("/orders", authorization)).StatusCode).ShouldBe(status);
        api.Recorded.Failure.ShouldBe(failure);
    }
}
