using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Issuer.Tests;

public class RefreshTokenTests
{
    private static readonly string[] Both = [IssuerHost.Orders, PublicApp.Stock];

    private static string ProofOf(IssuerHost issuer, CallerKey key) => key.Proof(IssuerHost.TokenEndpoint, issuer.Clock.UtcNow);

    private static async Task<Grant> GrantOfAsync(IssuerHost issuer, string token) =>
        (await issuer.Services.GetRequiredService<IIssuerStore>().FindRefreshTokenAsync(SecretHash.Of(token), default)).ShouldNotBeNull().Grant;

    // DPOP-AS-07, DPOP-AS-11, AT-96, MCP-11, RFC 6749 §6
    [Fact]
    public async Task Replaces_the_token_of_a_public_client_by_one_for_the_same_key()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync();
        (string first, string grantId) = await issuer.GrantAsync(key: issuer.Key);
        TokenAnswer answer = await issuer.RefreshAsync(first);
        JsonElement token = CallerKey.Payload(answer.ShouldBeToken());
        token.GetProperty("cnf").GetRawText().ShouldBe($$"""{"jkt":"{{issuer.Key.Thumbprint}}"}""");
        token.GetProperty("sub").GetString().ShouldBe(PublicApp.Subject);
        token.GetProperty("client_id").GetString().ShouldBe(PublicApp.Id);
        token.GetProperty("grant_id").GetString().ShouldBe(grantId);
        token.GetProperty("aud").GetString().ShouldBe(IssuerHost.Orders);
        answer.Member("scope").ShouldBe("orders.read orders.write");
        answer.Member("token_type").ShouldBe("DPoP");
        string second = answer.Member("refresh_token").ShouldNotBeNull();
        second.ShouldNotBe(first);
        issuer.ShouldRefuse(await issuer.RefreshAsync(second, ProofOf(issuer, new CallerKey())), VerificationFailure.RefreshTokenBindingMismatch, "invalid_grant");
        (await issuer.RefreshAsync(second)).ShouldBeToken();
    }

    // DPOP-AS-08, and design §1 rule 5: a thief does not end the victim's session.
    [Fact]
    public async Task Refuses_another_key_and_leaves_the_grant_alone()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync();
        (string token, _) = await issuer.GrantAsync(key: issuer.Key);
        issuer.ShouldRefuse(await issuer.RefreshAsync(token, ProofOf(issuer, new CallerKey())), VerificationFailure.RefreshTokenBindingMismatch, "invalid_grant");
        (await GrantOfAsync(issuer, token)).EndedAt.ShouldBeNull();
        (await issuer.RefreshAsync(token)).ShouldBeToken();
    }

    // DPOP-AS-08: also of a client that may have unbound tokens (keycloak#36475).
    [Theory]
    [InlineData(true, VerificationFailure.BindingRequired)]
    [InlineData(false, VerificationFailure.RefreshTokenBindingMismatch)]
    public async Task Refuses_a_bound_token_without_a_proof(bool isConstrained, VerificationFailure failure)
    {
        await using IssuerHost issuer = await PublicApp.StartAsync(app: app => app.DPoPBoundAccessTokens = isConstrained);
        (string token, _) = await issuer.GrantAsync(key: issuer.Key);
        issuer.ShouldRefuse(await issuer.RefreshAsync(token, proof: ""), failure, FailureCatalog.Get(failure).WireError!);
        (await issuer.RefreshAsync(token)).ShouldBeToken();
    }

    // MTLS-32, RFC 8705 §4
    [Fact]
    public async Task Holds_the_token_of_a_public_client_to_its_certificate()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync(app: app => (app.TlsClientCertificateBoundAccessTokens, app.DPoPBoundAccessTokens) = (true, false));
        using X509Certificate2 certificate = TestAuthority.SelfSigned();
        using X509Certificate2 other = TestAuthority.SelfSigned();
        (string token, _) = await issuer.GrantAsync(certificate: certificate);
        issuer.Certificate = other;
        issuer.ShouldRefuse(await issuer.RefreshAsync(token, proof: ""), VerificationFailure.RefreshTokenBindingMismatch, "invalid_grant");
        issuer.Certificate = null;
        (await issuer.RefreshAsync(token, proof: "")).Token.ShouldBeNull();
        issuer.Certificate = certificate;
        TokenAnswer answer = await issuer.RefreshAsync(token, proof: "");
        CallerKey.Payload(answer.ShouldBeToken()).GetProperty("cnf").GetRawText().ShouldBe($$"""{"x5t#S256":"{{issuer.X5tS256}}"}""");
        issuer.Certificate = other;
        issuer.ShouldRefuse(await issuer.RefreshAsync(answer.Member("refresh_token")!, proof: ""), VerificationFailure.RefreshTokenBindingMismatch, "invalid_grant");
    }

    // MTLS-32: a client that was relieved of certificates since does not lose the binding of the tokens it has.
    [Fact]
    public async Task Holds_a_token_to_what_it_was_bound_to_and_not_to_what_the_client_is_registered_for()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync();
        using X509Certificate2 certificate = TestAuthority.SelfSigned();
        (string token, _) = await issuer.GrantAsync(certificate: certificate);
        issuer.ShouldRefuse(await issuer.RefreshAsync(token), VerificationFailure.RefreshTokenBindingMismatch, "invalid_grant");
        issuer.Certificate = certificate;
        TokenAnswer answer = await issuer.RefreshAsync(token);
        answer.ShouldBeToken();
        // Its successor is bound to no less.
        issuer.Certificate = null;
        issuer.ShouldRefuse(await issuer.RefreshAsync(answer.Member("refresh_token")!), VerificationFailure.RefreshTokenBindingMismatch, "invalid_grant");
    }

    // DPOP-AS-09, DPOP-AS-11, MTLS-45, FAPI-05
    [Fact]
    public async Task Lets_a_confidential_client_go_on_with_a_new_key_and_the_same_token()
    {
        var backend = new CallerKey();
        await using IssuerHost issuer = await PublicApp.StartAsync(backend: backend);
        (string token, _) = await issuer.GrantAsync(PublicApp.Confidential);
        foreach (CallerKey key in new[] { new CallerKey(), new CallerKey() })
        {
            TokenAnswer answer = await issuer.RefreshAsAsync(backend, token, ProofOf(issuer, key));
            CallerKey.Payload(answer.ShouldBeToken()).GetProperty("cnf").GetProperty("jkt").GetString().ShouldBe(key.Thumbprint);
            answer.Member("refresh_token").ShouldBe(token);
        }
        issuer.ShouldRefuse(await issuer.RefreshAsAsync(backend, token, ""), VerificationFailure.BindingRequired, FailureCatalog.Get(VerificationFailure.BindingRequired).WireError!);
    }

    // Design §5: two tabs, or an answer that was lost.
    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public async Task Gives_the_same_answer_again_within_the_grace(int seconds)
    {
        await using IssuerHost issuer = await PublicApp.StartAsync();
        (string token, _) = await issuer.GrantAsync(key: issuer.Key);
        string successor = (await issuer.RefreshAsync(token)).Member("refresh_token")!;
        issuer.Clock.Advance(TimeSpan.FromSeconds(seconds));
        TokenAnswer again = await issuer.RefreshAsync(token);
        again.ShouldBeToken();
        again.Member("refresh_token").ShouldBe(successor);
        (await issuer.RefreshAsync(successor)).ShouldBeToken();
    }

    // RFC 9700 §4.14.2
    [Fact]
    public async Task Ends_the_grant_when_the_proven_holder_comes_back_with_a_replaced_token_after_the_grace()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync();
        (string token, string grantId) = await issuer.GrantAsync(key: issuer.Key);
        string successor = (await issuer.RefreshAsync(token)).Member("refresh_token")!;
        issuer.Clock.Advance(TimeSpan.FromSeconds(31));
        issuer.ShouldRefuse(await issuer.RefreshAsync(token), VerificationFailure.RefreshTokenReused, "invalid_grant");
        issuer.ShouldRefuse(await issuer.RefreshAsync(successor), VerificationFailure.RefreshTokenInvalid, "invalid_grant");
        (await issuer.Services.GetRequiredService<IIssuerStore>().IsRevokedAsync(new("another", grantId, PublicApp.Id, "k"), default)).ShouldBeTrue();
    }

    [Fact]
    public async Task Ends_the_grant_when_the_successor_was_used_already()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync();
        (string token, _) = await issuer.GrantAsync(key: issuer.Key);
        string second = (await issuer.RefreshAsync(token)).Member("refresh_token")!;
        string third = (await issuer.RefreshAsync(second)).Member("refresh_token")!;
        issuer.ShouldRefuse(await issuer.RefreshAsync(token), VerificationFailure.RefreshTokenReused, "invalid_grant");
        issuer.ShouldRefuse(await issuer.RefreshAsync(third), VerificationFailure.RefreshTokenInvalid, "invalid_grant");
    }

    // Design §1 rule 5: without the key a replaced token gets no grace answer and ends nothing, early or late.
    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    public async Task Refuses_a_replaced_token_without_its_key_and_ends_nothing(int seconds)
    {
        await using IssuerHost issuer = await PublicApp.StartAsync();
        (string token, _) = await issuer.GrantAsync(key: issuer.Key);
        string successor = (await issuer.RefreshAsync(token)).Member("refresh_token")!;
        issuer.Clock.Advance(TimeSpan.FromSeconds(seconds));
        issuer.ShouldRefuse(await issuer.RefreshAsync(token, ProofOf(issuer, new CallerKey())), VerificationFailure.RefreshTokenBindingMismatch, "invalid_grant");
        (await issuer.RefreshAsync(successor)).ShouldBeToken();
    }

    // A token that nothing binds proves itself by being presented: it rotates, has no grace, and a second use ends the grant (AT-96, RFC 9700 §4.14.2).
    [Fact]
    public async Task Gives_no_grace_to_a_token_that_is_bound_to_nothing()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync(app: app => app.DPoPBoundAccessTokens = false);
        (string token, _) = await issuer.GrantAsync();
        string successor = (await issuer.RefreshAsync(token, proof: "")).Member("refresh_token")!;
        issuer.ShouldRefuse(await issuer.RefreshAsync(token, proof: ""), VerificationFailure.RefreshTokenReused, "invalid_grant");
        issuer.ShouldRefuse(await issuer.RefreshAsync(successor, proof: ""), VerificationFailure.RefreshTokenInvalid, "invalid_grant");
    }

    // What is in the database does not open the successor: it is neither there in clear nor under a key that is there.
    [Fact]
    public async Task Keeps_the_successor_where_only_its_holder_can_read_it()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync();
        (string token, _) = await issuer.GrantAsync(key: issuer.Key);
        string successor = (await issuer.RefreshAsync(token)).Member("refresh_token")!;
        RefreshToken kept = (await issuer.Services.GetRequiredService<IIssuerStore>().FindRefreshTokenAsync(SecretHash.Of(token), default)).ShouldNotBeNull().Token;
        byte[] stored = kept.SealedSuccessor.ShouldNotBeNull();
        stored.Length.ShouldBe(12 + successor.Length + 16);
        System.Text.Encoding.UTF8.GetString(stored).ShouldNotContain(successor[..8]);
        await issuer.StopAsync();
        foreach (string file in Directory.GetFiles(issuer.Directory, "holdfast.db*"))
        {
            string content = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            content.ShouldNotContain(successor);
            content.ShouldNotContain(token);
        }
    }

    // Two browser tabs, many times over: one rotation, one successor.
    [Fact]
    public async Task Answers_64_refreshes_at_once_with_one_successor()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync();
        (string token, _) = await issuer.GrantAsync(key: issuer.Key);
        TokenAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => issuer.RefreshAsync(token))));
        foreach (TokenAnswer answer in answers)
            answer.ShouldBeToken();
        string successor = answers.Select(answer => answer.Member("refresh_token")).Distinct().ShouldHaveSingleItem().ShouldNotBeNull();
        (await issuer.RefreshAsync(successor)).ShouldBeToken();
    }

    // RFC 6749 §6: of this client alone.
    [Fact]
    public async Task Refuses_the_token_of_another_client()
    {
        var backend = new CallerKey();
        await using IssuerHost issuer = await PublicApp.StartAsync(backend: backend);
        (string token, _) = await issuer.GrantAsync(key: issuer.Key);
        issuer.ShouldRefuse(await issuer.RefreshAsAsync(backend, token, issuer.Proof()), VerificationFailure.RefreshTokenInvalid, "invalid_grant");
        (string confidential, _) = await issuer.GrantAsync(PublicApp.Confidential);
        issuer.ShouldRefuse(await issuer.RefreshAsync(confidential), VerificationFailure.RefreshTokenInvalid, "invalid_grant");
        (await issuer.RefreshAsync(token)).ShouldBeToken();
    }

    [Fact]
    public async Task Refuses_an_unknown_token()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync();
        issuer.ShouldRefuse(await issuer.RefreshAsync("of-nobody"), VerificationFailure.RefreshTokenInvalid, "invalid_grant");
        issuer.ShouldRefuse(await issuer.RefreshAsync(""), VerificationFailure.TokenRequestMalformed, "invalid_request");
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public async Task Refuses_an_expired_token(int seconds, bool isTaken)
    {
        await using IssuerHost issuer = await PublicApp.StartAsync();
        (string token, _) = await issuer.GrantAsync(key: issuer.Key, idle: TimeSpan.FromHours(1));
        issuer.Clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(seconds));
        TokenAnswer answer = await issuer.RefreshAsync(token);
        if (isTaken)
            answer.ShouldBeToken();
        else
            issuer.ShouldRefuse(answer, VerificationFailure.RefreshTokenInvalid, "invalid_grant");
    }

    // The idle time begins anew with each use, and never reaches beyond the grant.
    [Fact]
    public async Task Slides_the_expiry_within_the_life_of_the_grant()
    {
        var backend = new CallerKey();
        await using IssuerHost issuer = await PublicApp.StartAsync(o => o.RefreshTokenIdleLifetime = TimeSpan.FromHours(10), backend: backend);
        (string token, _) = await issuer.GrantAsync(PublicApp.Confidential, idle: TimeSpan.FromHours(10), lifetime: TimeSpan.FromHours(25));
        for (int i = 0; i < 3; i++)
        {
            issuer.Clock.Advance(TimeSpan.FromHours(8));
            (await issuer.RefreshAsAsync(backend, token, issuer.Proof())).ShouldBeToken();
        }
        issuer.Clock.Advance(TimeSpan.FromHours(2));
        issuer.ShouldRefuse(await issuer.RefreshAsAsync(backend, token, issuer.Proof()), VerificationFailure.RefreshTokenInvalid, "invalid_grant");
    }

    // RFC 6749 §6: narrower, and the whole again the next time; never wider.
    [Fact]
    public async Task Narrows_the_scope_and_never_widens_it()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync();
        (string token, _) = await issuer.GrantAsync(key: issuer.Key, scope: "orders.read orders.write");
        TokenAnswer narrow = await issuer.RefreshAsync(token, null, ("scope", "orders.read"));
        narrow.Member("scope").ShouldBe("orders.read");
        CallerKey.Payload(narrow.ShouldBeToken()).GetProperty("scope").GetString().ShouldBe("orders.read");
        TokenAnswer whole = await issuer.RefreshAsync(narrow.Member("refresh_token")!);
        whole.Member("scope").ShouldBe("orders.read orders.write");
        string last = whole.Member("refresh_token")!;
        issuer.ShouldRefuse(await issuer.RefreshAsync(last, null, ("scope", "orders.read stock.read")), VerificationFailure.ScopeNotAllowed, "invalid_scope");
        (await issuer.RefreshAsync(last)).ShouldBeToken();
    }

    // AT-06, RFC 8707 §2.2
    [Fact]
    public async Task Issues_for_one_resource_of_the_grant()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync();
        (string token, _) = await issuer.GrantAsync(key: issuer.Key, scope: "orders.read stock.read", resources: Both);
        issuer.ShouldRefuse(await issuer.RefreshAsync(token), VerificationFailure.ResourceNotAllowed, "invalid_target");
        TokenAnswer stock = await issuer.RefreshAsync(token, null, ("resource", PublicApp.Stock));
        CallerKey.Payload(stock.ShouldBeToken()).GetProperty("aud").GetString().ShouldBe(PublicApp.Stock);
        stock.Member("scope").ShouldBe("stock.read");
        (string orders, _) = await issuer.GrantAsync(key: issuer.Key);
        issuer.ShouldRefuse(await issuer.RefreshAsync(orders, null, ("resource", PublicApp.Stock)), VerificationFailure.ResourceNotAllowed, "invalid_target");
    }

    // What was taken from the client since is not given, whatever the grant says.
    [Fact]
    public async Task Gives_nothing_that_the_client_may_not_have_any_more()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync(app: app => (app.Scopes, app.Resources) = (["orders.read"], [IssuerHost.Orders]));
        (string token, _) = await issuer.GrantAsync(key: issuer.Key, scope: "orders.read orders.write stock.read", resources: Both);
        TokenAnswer answer = await issuer.RefreshAsync(token);
        CallerKey.Payload(answer.ShouldBeToken()).GetProperty("scope").GetString().ShouldBe("orders.read");
        issuer.ShouldRefuse(await issuer.RefreshAsync(answer.Member("refresh_token")!, null, ("resource", PublicApp.Stock)), VerificationFailure.ResourceNotAllowed, "invalid_target");
        (string lost, _) = await issuer.GrantAsync(key: issuer.Key, scope: "orders.write");
        issuer.ShouldRefuse(await issuer.RefreshAsync(lost), VerificationFailure.ScopeNotAllowed, "invalid_scope");
    }

    // FAPI-02, RFC 6749 §5.2
    [Fact]
    public async Task Refuses_a_client_that_is_not_registered_for_the_grant()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync();
        TokenAnswer answer = await issuer.AskAsync(form: issuer.Form(changes: [("grant_type", "refresh_token"), ("refresh_token", "any")]));
        issuer.ShouldRefuse(answer, VerificationFailure.GrantTypeNotAllowed, "unauthorized_client");
    }

    // OpenID Connect Core §12.2: who signed in, and when, as at sign-in; no nonce, because it was the code's.
    [Fact]
    public async Task Says_again_who_signed_in()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync();
        (string token, _) = await issuer.GrantAsync(key: issuer.Key, scope: "openid orders.read");
        long signedIn = issuer.Clock.UtcNow.AddMinutes(-3).ToUnixTimeSeconds();
        issuer.Clock.Advance(TimeSpan.FromHours(1));
        TokenAnswer answer = await issuer.RefreshAsync(token);
        JsonElement claims = CallerKey.Payload(answer.Member("id_token").ShouldNotBeNull());
        claims.GetProperty("sub").GetString().ShouldBe(PublicApp.Subject);
        claims.GetProperty("aud").GetString().ShouldBe(PublicApp.Id);
        claims.GetProperty("auth_time").GetInt64().ShouldBe(signedIn);
        claims.TryGetProperty("nonce", out _).ShouldBeFalse();
        // Left out of this refresh, it is left out of the answer.
        (await issuer.RefreshAsync(answer.Member("refresh_token")!, null, ("scope", "orders.read"))).Member("id_token").ShouldBeNull();
    }
}
