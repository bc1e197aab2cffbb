using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Issuer.Tests;

public class TokenRevocationTests
{
    private static readonly CallerKey Backend = new();

    private static async Task<bool> IsRevokedAsync(IssuerHost issuer, string token)
    {
        var claims = CallerKey.Payload(token);
        return await issuer.Services.GetRequiredService<IIssuerStore>().IsRevokedAsync(new(claims.GetProperty("jti").GetString()!, claims.GetProperty("grant_id").GetString(),
            claims.GetProperty("client_id").GetString()!, CallerKey.Header(token).GetProperty("kid").GetString()!), default);
    }

    private static Task<TokenAnswer> RevokeAsync(IssuerHost issuer, string token, params (string, string)[] more) =>
        issuer.PostAsync("/revoke", [("client_id", PublicApp.Id), ("token", token), .. more]);

    private static void ShouldBeDone(TokenAnswer answer)
    {
        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Body.ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Undefined);
    }

    // AT-37, AT-40, AT-41: the grant, the tokens from it, and what would come from it.
    [Fact]
    public async Task Ends_the_grant_with_its_refresh_token()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync();
        (string first, _) = await issuer.GrantAsync(key: issuer.Key);
        TokenAnswer tokens = await issuer.RefreshAsync(first);
        (await IsRevokedAsync(issuer, tokens.ShouldBeToken())).ShouldBeFalse();
        ShouldBeDone(await RevokeAsync(issuer, tokens.Member("refresh_token")!));
        (await IsRevokedAsync(issuer, tokens.Token!)).ShouldBeTrue();
        issuer.ShouldRefuse(await issuer.RefreshAsync(tokens.Member("refresh_token")!), VerificationFailure.RefreshTokenInvalid, "invalid_grant");
        // RFC 7009 §2.2: again is no error.
        ShouldBeDone(await RevokeAsync(issuer, tokens.Member("refresh_token")!));
    }

    // AT-37, AT-40: the access token alone.
    [Fact]
    public async Task Revokes_an_access_token_and_leaves_its_grant()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync();
        (string first, _) = await issuer.GrantAsync(key: issuer.Key);
        TokenAnswer one = await issuer.RefreshAsync(first);
        ShouldBeDone(await RevokeAsync(issuer, one.ShouldBeToken()));
        (await IsRevokedAsync(issuer, one.Token!)).ShouldBeTrue();
        TokenAnswer two = await issuer.RefreshAsync(one.Member("refresh_token")!);
        (await IsRevokedAsync(issuer, two.ShouldBeToken())).ShouldBeFalse();
    }

    // AT-37: of machines too.
    [Fact]
    public async Task Revokes_the_token_of_a_machine()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync();
        string token = (await issuer.AskAsync()).ShouldBeToken();
        ShouldBeDone(await issuer.PostAsync("/revoke", [.. issuer.Asserted(issuer.Key, IssuerHost.ClientId), ("token", token)]));
        (await IsRevokedAsync(issuer, token)).ShouldBeTrue();
    }

    // RFC 7009 §2.1: a hint, right, wrong or unknown.
    [Theory]
    [InlineData("access_token")]
    [InlineData("refresh_token")]
    [InlineData("whatever")]
    public async Task Finds_a_token_whatever_the_hint(string hint)
    {
        await using IssuerHost issuer = await PublicApp.StartAsync();
        (string refresh, _) = await issuer.GrantAsync(key: issuer.Key);
        TokenAnswer tokens = await issuer.RefreshAsync(refresh);
        ShouldBeDone(await RevokeAsync(issuer, tokens.ShouldBeToken(), ("token_type_hint", hint)));
        (await IsRevokedAsync(issuer, tokens.Token!)).ShouldBeTrue();
        ShouldBeDone(await RevokeAsync(issuer, tokens.Member("refresh_token")!, ("token_type_hint", hint)));
        issuer.ShouldRefuse(await issuer.RefreshAsync(tokens.Member("refresh_token")!), VerificationFailure.RefreshTokenInvalid, "invalid_grant");
    }

    // AT-38
    [Fact]
    public async Task Refuses_the_tokens_of_another_client()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync(backend: Backend);
        (string refresh, _) = await issuer.GrantAsync(key: issuer.Key);
        string access = (await issuer.AskAsync()).ShouldBeToken();
        foreach (string token in new[] { refresh, access })
        {
            issuer.ShouldRefuse(await issuer.PostAsync("/revoke", [.. issuer.Asserted(Backend, PublicApp.Confidential), ("token", token)]), VerificationFailure.RefreshTokenInvalid,
                "invalid_grant");
        }
        (await IsRevokedAsync(issuer, access)).ShouldBeFalse();
        (await issuer.RefreshAsync(refresh)).ShouldBeToken();
    }

    // AT-38: a client that could authenticate has to.
    [Fact]
    public async Task Refuses_a_confidential_client_that_only_says_who_it_is()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync(backend: Backend);
        (string refresh, _) = await issuer.GrantAsync(PublicApp.Confidential);
        issuer.ShouldRefuse(await issuer.PostAsync("/revoke", ("client_id", PublicApp.Confidential), ("token", refresh)), VerificationFailure.ClientAuthenticationMissing, "invalid_client");
        (await issuer.RefreshAsAsync(Backend, refresh, issuer.Proof())).ShouldBeToken();
    }

    // AT-39
    [Fact]
    public async Task Answers_unknown_and_expired_tokens_as_if_they_were_revoked()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync();
        (string refresh, _) = await issuer.GrantAsync(key: issuer.Key);
        string access = (await issuer.RefreshAsync(refresh)).ShouldBeToken();
        issuer.Clock.Advance(TimeSpan.FromHours(1));
        foreach (string token in new[] { access, "of-nobody", "a.b.c", "..", new CallerKey().Sign(CallerKey.Header(access).GetRawText(), CallerKey.Payload(access).GetRawText()) })
            ShouldBeDone(await RevokeAsync(issuer, token));
    }

    // AT-39, RFC 7009 §2.2.1
    [Fact]
    public async Task Says_that_it_cannot_revoke_other_kinds()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync();
        foreach (string token in new[] { issuer.Assertion(), issuer.Proof(), issuer.Key.Sign("""{"alg":"ES256","typ":"JWT"}""", """{"iss":"https://id.example","sub":"x","aud":"app"}""") })
            issuer.ShouldRefuse(await RevokeAsync(issuer, token), VerificationFailure.TokenTypeUnsupported, "unsupported_token_type");
    }

    // AT-94
    [Fact]
    public async Task Spends_the_assertion()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync();
        (string, string)[] asserted = issuer.Asserted(issuer.Key, IssuerHost.ClientId);
        ShouldBeDone(await issuer.PostAsync("/revoke", [.. asserted, ("token", "of-nobody")]));
        issuer.ShouldRefuse(await issuer.PostAsync("/revoke", [.. asserted, ("token", "of-nobody")]), VerificationFailure.AssertionReplayed, "invalid_client");
    }

    [Fact]
    public async Task Refuses_a_request_without_token()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync();
        issuer.ShouldRefuse(await issuer.PostAsync("/revoke", ("client_id", PublicApp.Id)), VerificationFailure.TokenRequestMalformed, "invalid_request");
    }

    // Scripts of browser applications sign out by it, as they refresh.
    [Fact]
    public async Task Lets_scripts_of_any_origin_ask()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync();
        TokenAnswer answer = await issuer.SendAsync(PublicApp.Form(("client_id", PublicApp.Id), ("token", "of-nobody")), proof: "", path: "/revoke",
            change: request => request.Headers.Add("Origin", "https://app.example"));
        answer.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
    }
}
