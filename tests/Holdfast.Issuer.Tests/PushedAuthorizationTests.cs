using System.Net;
using System.Text.Json.Nodes;

namespace Holdfast.Issuer.Tests;

/// <summary>Pushed authorization requests (RFC 9126).</summary>
public class PushedAuthorizationTests
{
    // AT-82, FAPI-18
    [Fact]
    public async Task Answers_with_a_reference_that_leads_to_a_code()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        TokenAnswer answer = await host.PushAsync(CodeHost.Change(host.PortalRequest(), host.Authentication()));
        answer.Status.ShouldBe(HttpStatusCode.Created);
        answer.Body.GetProperty("expires_in").GetInt32().ShouldBe(90);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        string reference = answer.Member("request_uri")!;
        reference.ShouldStartWith("urn:ietf:params:oauth:request_uri:");
        // AT-82: 256 bits.
        reference.Split(':')[^1].Length.ShouldBe(43);
        BrowserAnswer code = await host.DecideAsync(await host.AuthorizePushedAsync(reference));
        (code.Query("state"), code.Query("iss")).ShouldBe((CodeHost.State, IssuerHost.Issuer));
        (await host.RedeemAsPortalAsync(code.Query("code")!)).ShouldBeToken();
    }

    public static TheoryData<string, string?, VerificationFailure, string> Faults => new()
    {
        // AT-80
        { "request_uri", "urn:ietf:params:oauth:request_uri:x", VerificationFailure.AuthorizationRequestMalformed, "invalid_request" },
        { "request", "e30.e30.", VerificationFailure.AuthorizationRequestMalformed, "request_not_supported" },
        // AT-81: as at the authorization endpoint.
        { "redirect_uri", "https://evil.example/", VerificationFailure.RedirectUriNotRegistered, "invalid_request" },
        { "response_type", "token", VerificationFailure.ResponseTypeUnsupported, "unsupported_response_type" },
        { "code_challenge", null, VerificationFailure.CodeChallengeRequired, "invalid_request" },
        { "code_challenge_method", "plain", VerificationFailure.CodeChallengeRequired, "invalid_request" },
        { "dpop_jkt", "short", VerificationFailure.AuthorizationRequestMalformed, "invalid_request" },
        { "scope", "orders.admin", VerificationFailure.ScopeNotAllowed, "invalid_scope" },
        { "resource", "https://elsewhere.example", VerificationFailure.ResourceNotAllowed, "invalid_target" },
        { "client_assertion", null, VerificationFailure.ClientMethodNotAllowed, "invalid_client" },
        { "client_id", CodeHost.Shop, VerificationFailure.AssertionClaimWrong, "invalid_client" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Refuses_what_the_authorization_endpoint_would(string name, string? value, VerificationFailure failure, string error)
    {
        await using CodeHost host = await CodeHost.StartAsync();
        TokenAnswer answer = await host.PushAsync(CodeHost.Change(CodeHost.Change(host.PortalRequest(), host.Authentication()), (name, value)));
        host.Issuer.ShouldRefuse(answer, failure, error);
        answer.Member("request_uri").ShouldBeNull();
    }

    // AT-81: an authenticated client that may not use codes.
    [Fact]
    public async Task Refuses_a_client_that_gets_no_codes()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        TokenAnswer answer = await host.PushAsync(CodeHost.Change(host.PortalRequest(("client_id", IssuerHost.ClientId)), host.Authentication(host.Issuer.Assertion())));
        host.Issuer.ShouldRefuse(answer, VerificationFailure.GrantTypeNotAllowed, "unauthorized_client");
    }

    // AT-94, FAPI-04: an assertion is spent here, too.
    [Fact]
    public async Task Spends_the_assertion()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        var authentication = host.Authentication();
        await host.PushedAsync(null, authentication);
        host.Issuer.ShouldRefuse(await host.PushAsync(CodeHost.Change(host.PortalRequest(), authentication)), VerificationFailure.AssertionReplayed, "invalid_client");
    }

    // AT-84, D13
    [Theory]
    [InlineData(IssuerHost.Issuer)]
    [InlineData(IssuerHost.TokenEndpoint)]
    [InlineData(CodeHost.ParEndpoint)]
    public async Task Takes_an_assertion_for_any_of_its_names_at_either_endpoint(string audience)
    {
        await using CodeHost host = await CodeHost.StartAsync();
        string Assertion() => host.Issuer.Key.Assertion(CodeHost.Portal, audience, host.Clock.UtcNow);
        string reference = await host.PushedAsync(null, host.Authentication(Assertion()));
        BrowserAnswer code = await host.DecideAsync(await host.AuthorizePushedAsync(reference));
        (await host.RedeemAsPortalAsync(code.Query("code")!, null, host.Authentication(Assertion()))).ShouldBeToken();
    }

    // AT-84: as a string, and no other URL of this server.
    [Theory]
    [InlineData("""["https://id.example"]""")]
    [InlineData("""["https://id.example/par", "https://elsewhere.example"]""")]
    [InlineData("\"https://id.example/authorize\"")]
    [InlineData("\"https://id.example/par/\"")]
    public async Task Refuses_an_assertion_for_anything_else(string audience)
    {
        await using CodeHost host = await CodeHost.StartAsync();
        string assertion = host.Issuer.Key.Assertion(CodeHost.Portal, "", host.Clock.UtcNow, (_, claims) => claims["aud"] = JsonNode.Parse(audience));
        host.Issuer.ShouldRefuse(await host.PushAsync(CodeHost.Change(host.PortalRequest(), host.Authentication(assertion))), VerificationFailure.AssertionAudienceWrong, "invalid_client");
    }

    // DPOP-AS-33
    [Fact]
    public async Task Binds_the_code_to_a_dpop_jkt_that_was_pushed()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        await ShouldBeBoundAsync(host, await host.PushedAsync(null, ("dpop_jkt", host.Key.Thumbprint)));
    }

    // DPOP-AS-34, FAPI-07
    [Fact]
    public async Task Binds_the_code_to_the_key_of_a_proof_that_came_with_it()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        await ShouldBeBoundAsync(host, await host.PushedAsync(host.Proof(CodeHost.ParEndpoint)));
    }

    // DPOP-AS-35
    [Fact]
    public async Task Takes_both_where_they_name_one_key_and_refuses_two()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        await ShouldBeBoundAsync(host, await host.PushedAsync(host.Proof(CodeHost.ParEndpoint), ("dpop_jkt", host.Key.Thumbprint)));
        var request = CodeHost.Change(host.PortalRequest(("dpop_jkt", new CallerKey().Thumbprint)), host.Authentication());
        host.Issuer.ShouldRefuse(await host.PushAsync(request, host.Proof(CodeHost.ParEndpoint)), VerificationFailure.BindingConflict, "invalid_request");
    }

    // DPOP-AS-36, FAPI-21
    [Fact]
    public async Task Lets_nothing_in_the_browser_change_what_was_pushed()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        string reference = await host.PushedAsync(host.Proof(CodeHost.ParEndpoint));
        BrowserAnswer page = await host.AuthorizePushedAsync(reference, more:
        [
            ("dpop_jkt", new CallerKey().Thumbprint), ("scope", "stock.read"), ("redirect_uri", "https://evil.example/"), ("state", "other"), ("code_challenge", new string('a', 43)),
            ("resource", "https://stock.example/v1"), ("prompt", "none"), ("request", "e30.e30."),
        ]);
        page.Body.ShouldNotContain("stock");
        BrowserAnswer code = await host.DecideAsync(page);
        code.Location!.ShouldStartWith(CodeHost.PortalUri + "&code=");
        code.Query("state").ShouldBe(CodeHost.State);
        host.Issuer.ShouldRefuse(await host.RedeemAsPortalAsync(code.Query("code")!, new CallerKey().Proof(IssuerHost.TokenEndpoint, host.Clock.UtcNow)), VerificationFailure.CodeBindingMismatch, "invalid_grant");
        (await host.RedeemAsPortalAsync(code.Query("code")!)).ShouldBeToken();
    }

    // DPOP-AS-34: every check, against the URL of this endpoint.
    [Fact]
    public async Task Refuses_a_proof_for_another_endpoint_and_one_that_was_used()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        Dictionary<string, string> Request() => CodeHost.Change(host.PortalRequest(), host.Authentication());
        host.Issuer.ShouldRefuse(await host.PushAsync(Request(), host.Proof()), VerificationFailure.TargetMismatch, "invalid_dpop_proof");
        string proof = host.Proof(CodeHost.ParEndpoint);
        (await host.PushAsync(Request(), proof)).Status.ShouldBe(HttpStatusCode.Created);
        host.Issuer.ShouldRefuse(await host.PushAsync(Request(), proof), VerificationFailure.ProofReplayed, "invalid_dpop_proof");
    }

    // DPOP-AS-40
    [Fact]
    public async Task Takes_a_proof_for_the_alias()
    {
        await using CodeHost host = await CodeHost.StartAsync(options => options.MutualTls.EndpointAlias = "https://mtls.id.example/in");
        await ShouldBeBoundAsync(host, await host.PushedAsync(host.Proof("https://mtls.id.example/in/par")));
    }

    // AT-82, AT-83
    [Fact]
    public async Task Refuses_a_reference_of_another_client()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        string reference = await host.PushedAsync();
        host.ShouldShowPage(await host.AuthorizePushedAsync(reference, CodeHost.Shop), VerificationFailure.RequestUriInvalid);
        (await host.AuthorizePushedAsync(reference)).IsConsent.ShouldBeTrue();
    }

    // AT-83: −1/0/+1 of 90 s, of which the person's own time is no part.
    [Theory]
    [InlineData(89, true)]
    [InlineData(90, false)]
    [InlineData(91, false)]
    public async Task Takes_a_reference_for_ninety_seconds(int age, bool isTaken)
    {
        await using CodeHost host = await CodeHost.StartAsync();
        string reference = await host.PushedAsync();
        host.Clock.Advance(TimeSpan.FromSeconds(age));
        BrowserAnswer answer = await host.AuthorizePushedAsync(reference);
        if (!isTaken)
        {
            host.ShouldShowPage(answer, VerificationFailure.RequestUriInvalid);
            return;
        }
        host.Clock.Advance(TimeSpan.FromMinutes(20));
        (await host.DecideAsync(answer)).Query("code").ShouldNotBeNull();
    }

    // AT-83, FAPI-19: used when a code is issued, not when a page is shown.
    [Fact]
    public async Task Takes_a_reference_once_and_a_reload_before()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        string reference = await host.PushedAsync();
        BrowserAnswer page = await host.AuthorizePushedAsync(reference);
        BrowserAnswer reloaded = await host.AuthorizePushedAsync(reference);
        (await host.DecideAsync(reloaded)).Query("code").ShouldNotBeNull();
        host.ShouldShowPage(await host.DecideAsync(page), VerificationFailure.RequestUriInvalid);
        host.ShouldShowPage(await host.AuthorizePushedAsync(reference), VerificationFailure.RequestUriInvalid);
    }

    // AT-83: of many at once one gets a code.
    [Fact]
    public async Task Gives_one_code_for_many_uses_at_once()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        await host.DecideAsync(await host.AuthorizePushedAsync(await host.PushedAsync()));
        string reference = await host.PushedAsync();
        BrowserAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => host.AuthorizePushedAsync(reference))));
        answers.Count(answer => answer.Query("code") is not null).ShouldBe(1);
        answers.Count(answer => answer.Status == HttpStatusCode.BadRequest).ShouldBe(63);
    }

    // AT-81, RFC 9126 §7.4: the client may have changed since.
    [Fact]
    public async Task Judges_a_pushed_request_again_by_what_is_registered_now()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        string reference = await host.PushedAsync();
        await using CodeHost next = await CodeHost.StartAsync(options => options.Clients.Single(client => client.ClientId == CodeHost.Portal).Scopes = ["stock.read", "orders.write"], host.Issuer);
        next.ShouldTellClient(await next.AuthorizePushedAsync(reference), VerificationFailure.ScopeNotAllowed, "invalid_scope", CodeHost.PortalUri);
    }

    private static async Task ShouldBeBoundAsync(CodeHost host, string reference)
    {
        BrowserAnswer answer = await host.AuthorizePushedAsync(reference);
        string code = (answer.IsConsent ? await host.DecideAsync(answer) : answer).Query("code").ShouldNotBeNull();
        host.Issuer.ShouldRefuse(await host.RedeemAsPortalAsync(code, new CallerKey().Proof(IssuerHost.TokenEndpoint, host.Clock.UtcNow)), VerificationFailure.CodeBindingMismatch, "invalid_grant");
        (await host.RedeemAsPortalAsync(code)).ShouldBeToken();
    }
}
