using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Holdfast.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Issuer.Tests;

/// <summary>Authorization codes at the token endpoint.</summary>
public class AuthorizationCodeTests
{
    // AT-93, FAPI-16
    [Fact]
    public async Task Sends_a_code_with_state_and_issuer_and_redeems_it_for_bound_tokens()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        BrowserAnswer page = await host.AuthorizeAsync(host.Request());
        page.IsConsent.ShouldBeTrue(page.Body);
        BrowserAnswer answer = await host.DecideAsync(page);
        answer.Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        answer.Location.ShouldNotBeNull().ShouldStartWith(CodeHost.ShopUri + "?code=");
        (answer.Query("state"), answer.Query("iss")).ShouldBe((CodeHost.State, IssuerHost.Issuer));
        TokenAnswer tokens = await host.RedeemAsync(answer.Query("code")!);
        JsonElement token = CallerKey.Payload(tokens.ShouldBeToken());
        token.GetProperty("sub").GetString().ShouldBe("alice");
        token.GetProperty("client_id").GetString().ShouldBe(CodeHost.Shop);
        token.GetProperty("aud").GetString().ShouldBe(IssuerHost.Orders);
        token.GetProperty("scope").GetString().ShouldBe("orders.read");
        // DPOP-AS-04, DPOP-AS-05
        token.GetProperty("cnf").GetProperty("jkt").GetString().ShouldBe(host.Key.Thumbprint);
        tokens.Member("token_type").ShouldBe("DPoP");
        tokens.Member("refresh_token").ShouldNotBeNull();
    }

    // AT-23, OpenID Connect Core §2, §3.1.3.6
    [Fact]
    public async Task Says_who_signed_in_to_the_client_alone()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(3));
        TokenAnswer tokens = await host.RedeemAsync(await host.CodeAsync());
        string idToken = tokens.Member("id_token").ShouldNotBeNull();
        CallerKey.Header(idToken).GetProperty("typ").GetString().ShouldBe("JWT");
        CallerKey.Header(idToken).GetProperty("kid").GetString().ShouldBe(CallerKey.Header(tokens.Token!).GetProperty("kid").GetString());
        JsonElement claims = CallerKey.Payload(idToken);
        claims.GetProperty("iss").GetString().ShouldBe(IssuerHost.Issuer);
        claims.GetProperty("sub").GetString().ShouldBe("alice");
        claims.GetProperty("aud").GetString().ShouldBe(CodeHost.Shop);
        claims.GetProperty("nonce").GetString().ShouldBe("a nonce");
        claims.GetProperty("auth_time").GetInt64().ShouldBe(host.SignedInAt.ToUnixTimeSeconds());
        claims.GetProperty("iat").GetInt64().ShouldBe(host.Clock.UtcNow.ToUnixTimeSeconds());
        claims.GetProperty("exp").GetInt64().ShouldBe(host.Clock.UtcNow.ToUnixTimeSeconds() + 300);
        claims.GetProperty("at_hash").GetString().ShouldBe(TestKey.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(tokens.Token!))[..16]));
    }

    [Fact]
    public async Task Gives_no_id_token_where_openid_was_not_asked_for()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        (await host.RedeemAsync(await host.CodeAsync(host.Request(("scope", "orders.read"))))).Member("id_token").ShouldBeNull();
    }

    public static TheoryData<string, string?, VerificationFailure, string> WrongRedemptions => new()
    {
        { "code", "unknown", VerificationFailure.CodeInvalid, "invalid_grant" },
        { "code", null, VerificationFailure.TokenRequestMalformed, "invalid_request" },
        // RFC 6749 §4.1.3
        { "redirect_uri", null, VerificationFailure.CodeRedirectUriMismatch, "invalid_grant" },
        { "redirect_uri", CodeHost.ShopUri + "/", VerificationFailure.CodeRedirectUriMismatch, "invalid_grant" },
        // AT-90
        { "code_verifier", null, VerificationFailure.CodeVerifierWrong, "invalid_grant" },
        { "code_verifier", "0123456789012345678901234567890123456789012", VerificationFailure.CodeVerifierWrong, "invalid_grant" },
        { "code_verifier", "short", VerificationFailure.CodeVerifierWrong, "invalid_grant" },
        { "code_verifier", "0123456789 012345678901234567890123456789012", VerificationFailure.CodeVerifierWrong, "invalid_grant" },
        { "resource", "https://stock.example/v1", VerificationFailure.ResourceNotAllowed, "invalid_target" },
        { "scope", "orders.write", VerificationFailure.ScopeNotAllowed, "invalid_scope" },
    };

    [Theory]
    [MemberData(nameof(WrongRedemptions))]
    public async Task Refuses_a_wrong_redemption_and_leaves_the_code_to_its_owner(string name, string? value, VerificationFailure failure, string error)
    {
        await using CodeHost host = await CodeHost.StartAsync();
        string code = await host.CodeAsync();
        host.Issuer.ShouldRefuse(await host.RedeemAsync(code, null, (name, value)), failure, error);
        (await host.RedeemAsync(code)).ShouldBeToken();
    }

    // The challenge is not a verifier, also where it is as long as one.
    [Fact]
    public async Task Refuses_the_challenge_in_place_of_the_verifier()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        host.Issuer.ShouldRefuse(await host.RedeemAsync(await host.CodeAsync(), null, ("code_verifier", host.Challenge)), VerificationFailure.CodeVerifierWrong, "invalid_grant");
    }

    // FAPI-06: −1/0/+1 of 60 s.
    [Theory]
    [InlineData(59, true)]
    [InlineData(60, false)]
    [InlineData(61, false)]
    public async Task Takes_a_code_for_sixty_seconds(int age, bool isTaken)
    {
        await using CodeHost host = await CodeHost.StartAsync();
        string code = await host.CodeAsync();
        host.Clock.Advance(TimeSpan.FromSeconds(age));
        TokenAnswer answer = await host.RedeemAsync(code);
        if (isTaken)
            answer.ShouldBeToken();
        else
            host.Issuer.ShouldRefuse(answer, VerificationFailure.CodeInvalid, "invalid_grant");
    }

    [Fact]
    public async Task Refuses_a_code_of_another_client()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        string code = await host.CodeAsync();
        host.Issuer.ShouldRefuse(await host.RedeemAsPortalAsync(code, null, ("redirect_uri", CodeHost.ShopUri)), VerificationFailure.CodeInvalid, "invalid_grant");
        (await host.RedeemAsync(code)).ShouldBeToken();
    }

    // FAPI-03: client authentication of a confidential client is part of it.
    [Fact]
    public async Task Refuses_a_code_of_a_confidential_client_without_its_authentication()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        string code = await host.CodeAsync(host.PortalRequest());
        host.Issuer.ShouldRefuse(await host.RedeemAsync(code, null, ("client_id", CodeHost.Portal), ("redirect_uri", CodeHost.PortalUri)),
            VerificationFailure.ClientAuthenticationMissing, "invalid_client");
        (await host.RedeemAsPortalAsync(code)).ShouldBeToken();
    }

    // DPOP-AS-31
    [Fact]
    public async Task Refuses_another_key_than_dpop_jkt_and_takes_that_one()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        string code = await host.CodeAsync(host.Request(("dpop_jkt", host.Key.Thumbprint)));
        host.Issuer.ShouldRefuse(await host.RedeemAsync(code, new CallerKey().Proof(IssuerHost.TokenEndpoint, host.Clock.UtcNow)), VerificationFailure.CodeBindingMismatch, "invalid_grant");
        (await host.RedeemAsync(code)).ShouldBeToken();
    }

    // DPOP-AS-32: for a client, too, that may have unbound tokens.
    [Fact]
    public async Task Refuses_no_proof_for_a_code_with_dpop_jkt()
    {
        await using CodeHost host = await CodeHost.StartAsync(options => options.Clients.Single(client => client.ClientId == CodeHost.Shop).DPoPBoundAccessTokens = false);
        string code = await host.CodeAsync(host.Request(("dpop_jkt", host.Key.Thumbprint)));
        host.Issuer.ShouldRefuse(await host.RedeemAsync(code, ""), VerificationFailure.CodeBindingMismatch, "invalid_grant");
        (await host.RedeemAsync(code)).ShouldBeToken();
    }

    // DPOP-AS-14
    [Fact]
    public async Task Refuses_no_proof_for_a_client_whose_tokens_are_bound()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        host.Issuer.ShouldRefuse(await host.RedeemAsync(await host.CodeAsync(), ""), VerificationFailure.BindingRequired, "invalid_dpop_proof");
    }

    // FAPI-17, AT-98
    [Fact]
    public async Task Ends_the_grant_when_its_owner_redeems_the_code_twice()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        string code = await host.CodeAsync(host.Request(("dpop_jkt", host.Key.Thumbprint)));
        TokenAnswer first = await host.RedeemAsync(code);
        first.ShouldBeToken();
        host.Issuer.ShouldRefuse(await host.RedeemAsync(code), VerificationFailure.CodeReplayed, "invalid_grant");
        (await IsEndedAsync(host, first)).ShouldBeTrue();
        (await RefreshAsync(host, first)).Error.ShouldBe("invalid_grant");
    }

    // AT-98, long after the code has expired.
    [Fact]
    public async Task Ends_the_grant_also_when_the_second_redemption_comes_late()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        string code = await host.CodeAsync();
        TokenAnswer first = await host.RedeemAsync(code);
        host.Clock.Advance(TimeSpan.FromHours(1));
        host.Issuer.ShouldRefuse(await host.RedeemAsync(code), VerificationFailure.CodeReplayed, "invalid_grant");
        (await IsEndedAsync(host, first)).ShouldBeTrue();
    }

    // Design §1 rule 5: whoever has the code alone cannot end what its owner has.
    [Theory]
    [InlineData("code_verifier", "0123456789012345678901234567890123456789012", VerificationFailure.CodeVerifierWrong)]
    [InlineData("redirect_uri", "https://shop.example/other", VerificationFailure.CodeRedirectUriMismatch)]
    [InlineData("proof", "foreign", VerificationFailure.CodeBindingMismatch)]
    public async Task Leaves_the_grant_alone_when_a_thief_redeems_the_code_again(string name, string value, VerificationFailure failure)
    {
        await using CodeHost host = await CodeHost.StartAsync();
        string code = await host.CodeAsync(host.Request(("dpop_jkt", host.Key.Thumbprint)));
        TokenAnswer first = await host.RedeemAsync(code);
        string proof = name == "proof" ? new CallerKey().Proof(IssuerHost.TokenEndpoint, host.Clock.UtcNow) : host.Proof();
        host.Issuer.ShouldRefuse(await host.RedeemAsync(code, proof, (name, value)), failure, "invalid_grant");
        (await IsEndedAsync(host, first)).ShouldBeFalse();
        (await RefreshAsync(host, first)).ShouldBeToken();
    }

    // AT-98, FAPI-17: of many at once one wins.
    [Fact]
    public async Task Gives_tokens_once_for_many_redemptions_at_once()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        string code = await host.CodeAsync();
        string[] proofs = [.. Enumerable.Range(0, 64).Select(_ => host.Proof())];
        TokenAnswer[] answers = await Task.WhenAll(proofs.Select(proof => Task.Run(() => host.RedeemAsync(code, proof))));
        answers.Count(answer => answer.Token is not null).ShouldBe(1);
        answers.Count(answer => answer.Error == "invalid_grant").ShouldBe(63);
        (await IsEndedAsync(host, answers.Single(answer => answer.Token is not null))).ShouldBeTrue();
    }

    // AT-13
    [Fact]
    public async Task Issues_nothing_for_a_person_who_bears_the_name_of_a_client()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        host.User = IssuerHost.ClientId;
        host.ShouldTellClient(await host.AuthorizeAsync(host.Request()), VerificationFailure.AuthorizationDenied, "access_denied");
    }

    // RFC 6749 §4.1.3: where it was not stated it need not be repeated.
    [Fact]
    public async Task Takes_a_redemption_without_redirect_uri_where_the_request_had_none()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        string code = await host.CodeAsync(host.PortalRequest(("redirect_uri", null)));
        (await host.RedeemAsPortalAsync(code, null, ("redirect_uri", null))).ShouldBeToken();
    }

    // AT-06, RFC 8707 §2.2: several resources may be granted, each token is for one.
    [Fact]
    public async Task Gives_a_token_for_one_of_the_resources_that_were_granted()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        string query = CodeHost.Query(host.PortalRequest(("scope", "orders.read stock.read"))) + "&resource=" + Uri.EscapeDataString("https://stock.example/v1");
        async Task<string> CodeAsync()
        {
            BrowserAnswer answer = await host.BrowseAsync("/authorize?" + query);
            return (answer.IsConsent ? await host.DecideAsync(answer) : answer).Query("code")!;
        }
        host.Issuer.ShouldRefuse(await host.RedeemAsPortalAsync(await CodeAsync()), VerificationFailure.ResourceNotAllowed, "invalid_target");
        JsonElement token = CallerKey.Payload((await host.RedeemAsPortalAsync(await CodeAsync(), null, ("resource", "https://stock.example/v1"))).ShouldBeToken());
        token.GetProperty("aud").GetString().ShouldBe("https://stock.example/v1");
        token.GetProperty("scope").GetString().ShouldBe("stock.read");
    }

    // DPOP-AS-07, DPOP-AS-09: bound for the public client, free for the confidential one.
    [Fact]
    public async Task Binds_the_refresh_token_of_a_public_client_and_not_of_a_confidential_one()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        IIssuerStore store = host.Issuer.Services.GetRequiredService<IIssuerStore>();
        TokenAnswer shop = await host.RedeemAsync(await host.CodeAsync());
        TokenAnswer portal = await host.RedeemAsPortalAsync(await host.CodeAsync(host.PortalRequest()));
        (await store.FindRefreshTokenAsync(SecretHash.Of(shop.Member("refresh_token")!), default))!.Value.Token.DPoPJkt.ToString().ShouldBe(host.Key.Thumbprint);
        (await store.FindRefreshTokenAsync(SecretHash.Of(portal.Member("refresh_token")!), default))!.Value.Token.DPoPJkt.ShouldBeNull();
    }

    [Fact]
    public async Task Gives_no_refresh_token_to_a_client_that_may_not_use_one()
    {
        await using CodeHost host = await CodeHost.StartAsync(options => options.Clients.Single(client => client.ClientId == CodeHost.Shop).GrantTypes = ["authorization_code"]);
        TokenAnswer tokens = await host.RedeemAsync(await host.CodeAsync());
        tokens.ShouldBeToken();
        tokens.Member("refresh_token").ShouldBeNull();
    }

    private static async Task<bool> IsEndedAsync(CodeHost host, TokenAnswer tokens)
    {
        JsonElement claims = CallerKey.Payload(tokens.Token!);
        return await host.Issuer.Services.GetRequiredService<IIssuerStore>().IsRevokedAsync(
            new(claims.GetProperty("jti").GetString()!, claims.GetProperty("grant_id").GetString(), CodeHost.Shop, "a-key"), default);
    }

    private static Task<TokenAnswer> RefreshAsync(CodeHost host, TokenAnswer tokens) => host.Issuer.AskAsync(host.Proof(), new Dictionary<string, string>
    {
        ["grant_type"] = "refresh_token", ["client_id"] = CodeHost.Shop, ["refresh_token"] = tokens.Member("refresh_token")!,
    });
}
