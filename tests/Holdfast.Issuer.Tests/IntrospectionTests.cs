using System.Net;
using System.Text.Json;
using Holdfast.Registry;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Issuer.Tests;

public class IntrospectionTests
{
    private const string Api = "orders-api";
    private const string Inactive = """{"active":false}""";

    private static readonly CallerKey ApiKey = new();

    private static Task<IssuerHost> StartAsync(Action<HoldfastIssuerOptions>? more = null) => PublicApp.StartAsync(o =>
    {
        o.Clients.Add(new() { ClientId = Api, Jwks = ApiKey.Jwks(), Introspects = [IssuerHost.Orders] });
        o.Clients.Add(new() { ClientId = "stock-api", Jwks = ApiKey.Jwks(), Introspects = [PublicApp.Stock] });
        more?.Invoke(o);
    });

    private static Task<TokenAnswer> IntrospectAsync(IssuerHost issuer, string token, string client = Api, params (string, string)[] more) =>
        issuer.PostAsync("/introspect", [.. issuer.Asserted(ApiKey, client), ("token", token), .. more]);

    // AT-31, DPOP-AS-17, DPOP-AS-18, DPOP-AS-19
    [Fact]
    public async Task Tells_the_resource_what_a_token_says()
    {
        await using IssuerHost issuer = await StartAsync();
        string token = (await issuer.AskAsync()).ShouldBeToken();
        JsonElement written = CallerKey.Payload(token);
        TokenAnswer answer = await IntrospectAsync(issuer, token);
        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Body.GetProperty("active").GetBoolean().ShouldBeTrue();
        answer.Body.GetProperty("token_type").GetString().ShouldBe("DPoP");
        foreach (string member in new[] { "iss", "sub", "aud", "client_id", "scope", "exp", "iat", "jti", "cnf", "grant_id" })
            answer.Body.GetProperty(member).GetRawText().ShouldBe(written.GetProperty(member).GetRawText(), member);
        answer.Body.EnumerateObject().Count().ShouldBe(12);
    }

    // MTLS-21
    [Fact]
    public async Task Tells_the_certificate_that_a_token_is_bound_to()
    {
        var key = new CallerKey();
        await using IssuerHost issuer = await StartAsync(o => o.Clients.Add(new()
        {
            ClientId = "bound", Jwks = key.Jwks(), TlsClientCertificateBoundAccessTokens = true, DPoPBoundAccessTokens = false, Scopes = ["orders.read"], Resources = [IssuerHost.Orders],
        }));
        using var certificate = TestAuthority.SelfSigned();
        issuer.Certificate = certificate;
        TokenAnswer token = await issuer.SendAsync(PublicApp.Form([("grant_type", "client_credentials"), .. issuer.Asserted(key, "bound")]), proof: "");
        issuer.Certificate = null;
        TokenAnswer answer = await IntrospectAsync(issuer, token.ShouldBeToken());
        answer.Body.GetProperty("cnf").GetRawText().ShouldBe($$"""{"x5t#S256":"{{IssuerHost.ThumbprintOf(certificate)}}"}""");
        answer.Body.GetProperty("token_type").GetString().ShouldBe("Bearer");
    }

    // AT-30
    [Fact]
    public async Task Refuses_who_is_no_resource_server()
    {
        await using IssuerHost issuer = await StartAsync();
        string token = (await issuer.AskAsync()).ShouldBeToken();
        issuer.ShouldRefuse(await issuer.PostAsync("/introspect", [.. issuer.Asserted(issuer.Key, IssuerHost.ClientId), ("token", token)]), VerificationFailure.IntrospectionNotAllowed,
            "unauthorized_client", HttpStatusCode.Forbidden);
        issuer.ShouldRefuse(await issuer.PostAsync("/introspect", ("client_id", PublicApp.Id), ("token", token)), VerificationFailure.IntrospectionNotAllowed, "unauthorized_client",
            HttpStatusCode.Forbidden);
        issuer.ShouldRefuse(await issuer.PostAsync("/introspect", ("token", token)), VerificationFailure.ClientAuthenticationMissing, "invalid_client");
        issuer.ShouldRefuse(await issuer.PostAsync("/introspect", [.. issuer.Asserted(new CallerKey(), Api), ("token", token)]), VerificationFailure.AssertionSignatureInvalid, "invalid_client");
    }

    // AT-30: whoever does not authenticate is no resource server, also where a registration says so.
    [Fact]
    public async Task Refuses_a_public_client_that_is_registered_to_introspect()
    {
        await using IssuerHost issuer = await PublicApp.StartAsync(app: app => app.Introspects = [IssuerHost.Orders]);
        issuer.ShouldRefuse(await issuer.PostAsync("/introspect", ("client_id", PublicApp.Id), ("token", "x")), VerificationFailure.IntrospectionNotAllowed, "unauthorized_client",
            HttpStatusCode.Forbidden);
    }

    // AT-31, AT-32: no reason, no other member.
    [Fact]
    public async Task Says_nothing_about_a_token_for_somebody_else()
    {
        await using IssuerHost issuer = await StartAsync();
        TokenAnswer answer = await IntrospectAsync(issuer, (await issuer.AskAsync()).ShouldBeToken(), "stock-api");
        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Body.GetRawText().ShouldBe(Inactive);
    }

    // AT-32
    [Fact]
    public async Task Says_nothing_about_what_is_not_genuine()
    {
        await using IssuerHost issuer = await StartAsync();
        string token = (await issuer.AskAsync()).ShouldBeToken();
        string[] parts = token.Split('.');
        (string refresh, _) = await issuer.GrantAsync(key: issuer.Key);
        var stranger = new CallerKey();
        string header = CallerKey.Header(token).GetRawText();
        string payload = CallerKey.Payload(token).GetRawText();
        string[] texts = [$"{parts[0]}.{parts[1]}.{parts[2][..^2]}AA", stranger.Sign(header, payload), stranger.Sign("""{"typ":"at+jwt","alg":"none"}""", payload), refresh, "x", "a.b.c",
            issuer.Assertion(), issuer.Proof(), new string('a', 8000)];
        foreach (string text in texts)
        {
            TokenAnswer answer = await IntrospectAsync(issuer, text);
            answer.Status.ShouldBe(HttpStatusCode.OK, text);
            answer.Body.GetRawText().ShouldBe(Inactive, text);
        }
    }

    // AT-32: expired is expired, without leeway.
    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public async Task Says_nothing_about_an_expired_token(int seconds, bool isActive)
    {
        await using IssuerHost issuer = await StartAsync();
        string token = (await issuer.AskAsync()).ShouldBeToken();
        issuer.Clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(seconds));
        (await IntrospectAsync(issuer, token)).Body.GetProperty("active").GetBoolean().ShouldBe(isActive);
    }

    // AT-32, AT-41: revoked as a token, with its grant, and with its key.
    [Theory]
    [InlineData("token")]
    [InlineData("grant")]
    [InlineData("client")]
    [InlineData("key")]
    public async Task Says_nothing_about_a_revoked_token(string by)
    {
        await using IssuerHost issuer = await StartAsync();
        string token = (await issuer.AskAsync()).ShouldBeToken();
        string Claim(string name) => CallerKey.Payload(token).GetProperty(name).GetString()!;
        DateTimeOffset end = issuer.Clock.UtcNow.AddMinutes(10);
        (await IntrospectAsync(issuer, token)).Body.GetProperty("active").GetBoolean().ShouldBeTrue();
        await issuer.Services.GetRequiredService<IRegistryStore>().RevokeAsync(
            [by switch
            {
                "token" => new(RevocationKind.Token, Claim("jti"), end, "test"),
                "grant" => new(RevocationKind.Grant, Claim("grant_id"), end, "test"),
                "client" => new(RevocationKind.Client, IssuerHost.ClientId, null, "test"),
                _ => new(RevocationKind.SigningKey, CallerKey.Header(token).GetProperty("kid").GetString()!, end, "test"),
            }],
            RegistryActor.Issuer, default);
        (await IntrospectAsync(issuer, token)).Body.GetRawText().ShouldBe(Inactive);
    }

    // AT-32: a client of the registry that was switched off.
    [Fact]
    public async Task Says_nothing_about_tokens_of_a_client_that_is_disabled()
    {
        await using IssuerHost issuer = await StartAsync();
        var key = new CallerKey();
        var client = new Client { ClientId = "machine", Jwks = key.Jwks(), Scopes = ["orders.read"], Resources = [IssuerHost.Orders] };
        await issuer.WriteAsync(client, replaces: 0);
        string token = (await issuer.SendAsync(PublicApp.Form([("grant_type", "client_credentials"), .. issuer.Asserted(key, "machine")]))).ShouldBeToken();
        (await IntrospectAsync(issuer, token)).Body.GetProperty("active").GetBoolean().ShouldBeTrue();
        await issuer.WriteAsync(client with { State = ClientState.Disabled }, replaces: await issuer.RevisionAsync("machine"));
        (await IntrospectAsync(issuer, token)).Body.GetRawText().ShouldBe(Inactive);
    }

    // AT-94: what authenticates is spent here like everywhere.
    [Fact]
    public async Task Spends_the_assertion()
    {
        await using IssuerHost issuer = await StartAsync();
        (string, string)[] asserted = issuer.Asserted(ApiKey, Api);
        (await issuer.PostAsync("/introspect", [.. asserted, ("token", "x")])).Status.ShouldBe(HttpStatusCode.OK);
        issuer.ShouldRefuse(await issuer.PostAsync("/introspect", [.. asserted, ("token", "x")]), VerificationFailure.AssertionReplayed, "invalid_client");
    }

    [Fact]
    public async Task Refuses_a_request_without_token()
    {
        await using IssuerHost issuer = await StartAsync();
        issuer.ShouldRefuse(await issuer.PostAsync("/introspect", issuer.Asserted(ApiKey, Api)), VerificationFailure.TokenRequestMalformed, "invalid_request");
    }
}
