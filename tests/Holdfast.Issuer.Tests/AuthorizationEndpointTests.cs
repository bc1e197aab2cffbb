using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Issuer.Tests;

/// <summary>The authorization endpoint: where errors go, and that nobody is sent where a client did not say.</summary>
public class AuthorizationEndpointTests
{
    public static TheoryData<string, string?, VerificationFailure> Pages => new()
    {
        { "client_id", null, VerificationFailure.AuthorizationRequestMalformed },
        { "client_id", "stranger", VerificationFailure.ClientUnknown },
        { "client_id", IssuerHost.ClientId, VerificationFailure.GrantTypeNotAllowed },
        // FAPI-12, RFC 9700 §4.1.3: character by character.
        { "redirect_uri", null, VerificationFailure.RedirectUriNotRegistered },
        { "redirect_uri", "https://evil.example/done", VerificationFailure.RedirectUriNotRegistered },
        { "redirect_uri", CodeHost.ShopUri + "/", VerificationFailure.RedirectUriNotRegistered },
        { "redirect_uri", CodeHost.ShopUri + "?next=1", VerificationFailure.RedirectUriNotRegistered },
        { "redirect_uri", "https://SHOP.example/done", VerificationFailure.RedirectUriNotRegistered },
        { "redirect_uri", "https://shop.example:443/done", VerificationFailure.RedirectUriNotRegistered },
        { "redirect_uri", "https://shop.example/%64one", VerificationFailure.RedirectUriNotRegistered },
        { "redirect_uri", "https://shop.example/x/../done", VerificationFailure.RedirectUriNotRegistered },
        { "redirect_uri", "https://shop.example@evil.example/done", VerificationFailure.RedirectUriNotRegistered },
        { "redirect_uri", "https://shop.example\\@evil.example/done", VerificationFailure.RedirectUriNotRegistered },
        { "redirect_uri", "javascript:alert(1)", VerificationFailure.RedirectUriNotRegistered },
        { "redirect_uri", "//evil.example/done", VerificationFailure.RedirectUriNotRegistered },
        { "redirect_uri", CodeHost.PortalUri, VerificationFailure.RedirectUriNotRegistered },
        // RFC 8252 §7.3: another port, and nothing else.
        { "redirect_uri", "http://127.0.0.1:4711/other", VerificationFailure.RedirectUriNotRegistered },
        { "redirect_uri", "http://127.0.0.1:0/done", VerificationFailure.RedirectUriNotRegistered },
        { "redirect_uri", "http://127.0.0.1:65536/done", VerificationFailure.RedirectUriNotRegistered },
        { "redirect_uri", "http://127.0.0.1:80@evil.example/done", VerificationFailure.RedirectUriNotRegistered },
        { "redirect_uri", "http://127.0.0.1.evil.example/done", VerificationFailure.RedirectUriNotRegistered },
        { "redirect_uri", "http://localhost:4711/done", VerificationFailure.RedirectUriNotRegistered },
        { "redirect_uri", "http://[::1]:4711/done", VerificationFailure.RedirectUriNotRegistered },
        { "redirect_uri", "https://127.0.0.1:4711/done", VerificationFailure.RedirectUriNotRegistered },
        { "request_uri", "https://evil.example/request.jwt", VerificationFailure.RequestUriInvalid },
        { "request_uri", "urn:ietf:params:oauth:request_uri:guessed", VerificationFailure.RequestUriInvalid },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Shows_a_page_and_sends_nobody_anywhere(string name, string? value, VerificationFailure failure)
    {
        await using CodeHost host = await CodeHost.StartAsync();
        host.ShouldShowPage(await host.AuthorizeAsync(host.Request((name, value))), failure);
    }

    [Theory]
    [InlineData("http://127.0.0.1/done")]
    [InlineData("http://127.0.0.1:4711/done")]
    [InlineData("http://127.0.0.1:65535/done")]
    public async Task Takes_any_port_on_the_loopback_address(string uri)
    {
        await using CodeHost host = await CodeHost.StartAsync();
        string code = await host.CodeAsync(host.Request(("redirect_uri", uri)));
        (await host.RedeemAsync(code, null, ("redirect_uri", uri))).ShouldBeToken();
    }

    public static TheoryData<string, string?, VerificationFailure, string> Errors => new()
    {
        { "response_type", null, VerificationFailure.AuthorizationRequestMalformed, "invalid_request" },
        // FAPI-13, DPOP-AS-15
        { "response_type", "token", VerificationFailure.ResponseTypeUnsupported, "unsupported_response_type" },
        { "response_type", "code id_token", VerificationFailure.ResponseTypeUnsupported, "unsupported_response_type" },
        { "response_mode", "fragment", VerificationFailure.AuthorizationRequestMalformed, "invalid_request" },
        // AT-90, FAPI-14
        { "code_challenge", null, VerificationFailure.CodeChallengeRequired, "invalid_request" },
        { "code_challenge", "too-short", VerificationFailure.CodeChallengeRequired, "invalid_request" },
        { "code_challenge", "0123456789012345678901234567890123456789 12", VerificationFailure.CodeChallengeRequired, "invalid_request" },
        { "code_challenge_method", null, VerificationFailure.CodeChallengeRequired, "invalid_request" },
        { "code_challenge_method", "plain", VerificationFailure.CodeChallengeRequired, "invalid_request" },
        { "code_challenge_method", "s256", VerificationFailure.CodeChallengeRequired, "invalid_request" },
        // DPOP-AS-31
        { "dpop_jkt", "short", VerificationFailure.AuthorizationRequestMalformed, "invalid_request" },
        { "dpop_jkt", "012345678901234567890123456789012345678901=", VerificationFailure.AuthorizationRequestMalformed, "invalid_request" },
        { "request", "e30.e30.", VerificationFailure.AuthorizationRequestMalformed, "request_not_supported" },
        { "prompt", "none login", VerificationFailure.AuthorizationRequestMalformed, "invalid_request" },
        { "prompt", "create", VerificationFailure.AuthorizationRequestMalformed, "invalid_request" },
        { "max_age", "-1", VerificationFailure.AuthorizationRequestMalformed, "invalid_request" },
        { "max_age", "soon", VerificationFailure.AuthorizationRequestMalformed, "invalid_request" },
        { "scope", "orders.admin", VerificationFailure.ScopeNotAllowed, "invalid_scope" },
        { "scope", "openid", VerificationFailure.ScopeNotAllowed, "invalid_scope" },
        { "scope", "orders.read  orders.write", VerificationFailure.ScopeNotAllowed, "invalid_scope" },
        { "resource", "https://stock.example/v1", VerificationFailure.ResourceNotAllowed, "invalid_target" },
        { "resource", "https://elsewhere.example", VerificationFailure.ResourceNotAllowed, "invalid_target" },
    };

    // AT-93: with state and issuer.
    [Theory]
    [MemberData(nameof(Errors))]
    public async Task Tells_the_client_what_is_wrong(string name, string? value, VerificationFailure failure, string error)
    {
        await using CodeHost host = await CodeHost.StartAsync();
        host.ShouldTellClient(await host.AuthorizeAsync(host.Request((name, value))), failure, error);
    }

    // RFC 6749 §3.1: no parameter twice.
    [Theory]
    [InlineData("client_id=shop")]
    [InlineData("redirect_uri=https%3A%2F%2Fevil.example")]
    [InlineData("state=other")]
    [InlineData("code_challenge=other")]
    [InlineData("x=1&x=2")]
    [InlineData("x=%ff")]
    [InlineData("x=%0d%0aSet-Cookie:%20a")]
    public async Task Shows_a_page_for_parameters_that_are_repeated_or_broken(string more)
    {
        await using CodeHost host = await CodeHost.StartAsync();
        host.ShouldShowPage(await host.BrowseAsync($"/authorize?{CodeHost.Query(host.Request())}&{more}"), VerificationFailure.AuthorizationRequestMalformed);
    }

    [Fact]
    public async Task Bounds_the_request()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        host.ShouldShowPage(await host.AuthorizeAsync(host.Request(("state", new string('a', 2049)))), VerificationFailure.AuthorizationRequestMalformed);
        host.ShouldShowPage(await host.AuthorizeAsync(host.Request(("state", new string('a', 2048)), ("nonce", new string('b', 2048)))), VerificationFailure.AuthorizationRequestMalformed);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task Refuses_other_methods(string method)
    {
        await using CodeHost host = await CodeHost.StartAsync();
        host.ShouldShowPage(await host.BrowseAsync("/authorize", null, request => request.Method = new(method)), VerificationFailure.AuthorizationRequestMalformed, HttpStatusCode.MethodNotAllowed);
    }

    // RFC 6749 §3.1
    [Fact]
    public async Task Takes_a_request_by_post()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        BrowserAnswer page = await host.BrowseAsync("/authorize", new FormUrlEncodedContent(host.Request()));
        (await host.RedeemAsync((await host.DecideAsync(page)).Query("code")!)).ShouldBeToken();
    }

    // FAPI-30, RFC 9700 §2.6: nothing for scripts of other origins.
    [Theory]
    [InlineData("/authorize")]
    [InlineData("/authorize/consent")]
    public async Task Grants_no_other_origin_anything(string path)
    {
        await using CodeHost host = await CodeHost.StartAsync();
        foreach (string address in new[] { path, $"{path}?{CodeHost.Query(host.Request())}" })
        {
            BrowserAnswer answer = await host.BrowseAsync(address, null, request => request.Headers.Add("Origin", "https://shop.example"));
            answer.Headers.ShouldNotContain(header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        }
    }

    // RFC 9700 §4.2.4, §4.16; FAPI-20
    [Fact]
    public async Task Protects_every_answer_to_a_browser()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        BrowserAnswer consent = await host.AuthorizeAsync(host.Request());
        BrowserAnswer error = await host.AuthorizeAsync(host.Request(("client_id", "stranger")));
        BrowserAnswer code = await host.DecideAsync(consent);
        host.User = null;
        BrowserAnswer signIn = await host.AuthorizeAsync(host.Request());
        foreach (BrowserAnswer answer in new[] { consent, error, code, signIn })
        {
            answer.Header("Cache-Control").ShouldBe("no-store");
            answer.Header("Referrer-Policy").ShouldBe("no-referrer");
        }
        foreach (BrowserAnswer page in new[] { consent, error })
        {
            page.Header("X-Frame-Options").ShouldBe("DENY");
            string policy = page.Header("Content-Security-Policy").ShouldNotBeNull();
            policy.ShouldContain("default-src 'none'");
            policy.ShouldContain("frame-ancestors 'none'");
            policy.ShouldNotContain("unsafe");
            page.Body.ShouldNotContain("<script");
        }
        consent.Header("Content-Security-Policy")!.ShouldContain("form-action 'self' https://shop.example;");
        error.Header("Content-Security-Policy")!.ShouldContain("form-action 'self';");
        code.Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    // AT-85, RFC 9126 §5, §6
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refuses_what_has_to_be_pushed(bool byServer)
    {
        await using CodeHost host = await CodeHost.StartAsync(options =>
        {
            options.RequirePushedAuthorizationRequests = byServer;
            options.Clients.Single(client => client.ClientId == CodeHost.Shop).RequirePushedAuthorizationRequests = !byServer;
        });
        host.ShouldTellClient(await host.AuthorizeAsync(host.Request()), VerificationFailure.PushedRequestRequired, "invalid_request");
        TokenAnswer pushed = await host.PushAsync(host.Request());
        (await host.AuthorizePushedAsync(pushed.Member("request_uri")!, CodeHost.Shop)).IsConsent.ShouldBeTrue();
    }

    [Fact]
    public async Task Exists_only_where_people_sign_in()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        foreach (string path in new[] { "/authorize", "/authorize/consent", "/par" })
            (await issuer.Client.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await issuer.Client.GetStringAsync("/.well-known/oauth-authorization-server")).ShouldNotContain("authorization_endpoint");
    }

    [Fact]
    public async Task Does_not_start_without_the_scheme_that_it_was_told()
    {
        var failure = await Should.ThrowAsync<IssuerStartupException>(() => CodeHost.StartAsync(signIn: options => options.ChallengeScheme = "Elsewhere"));
        failure.Message.ShouldContain("'Elsewhere'");
    }

    [Fact]
    public async Task Is_busy_while_the_database_does_not_answer()
    {
        await using CodeHost host = await CodeHost.StartAsync(services: services => services.AddSingleton(DeafStore.Create()));
        BrowserAnswer answer = await host.AuthorizeAsync(host.Request());
        host.ShouldShowPage(answer, VerificationFailure.IssuerStateUnavailable, HttpStatusCode.ServiceUnavailable);
        answer.Header("Retry-After").ShouldNotBeNull();
    }
}
