using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Holdfast.Issuer.Tests;

public class AccessTokenTests
{
    // AT-01, AT-02, AT-03, AT-04, AT-05, DPOP-AS-04, DPOP-AS-05, DPOP-AS-16
    [Fact]
    public async Task Issues_a_bound_token_as_RFC_9068_wants_it()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        TokenAnswer answer = await issuer.AskAsync();
        string token = answer.ShouldBeToken();
        answer.Member("token_type").ShouldBe("DPoP");
        answer.Member("expires_in").ShouldBe("300");
        answer.Member("scope").ShouldBe("orders.read orders.write");

        JsonElement header = CallerKey.Header(token);
        header.GetProperty("typ").GetString().ShouldBe("at+jwt");
        header.GetProperty("alg").GetString().ShouldBe("ES256");
        JsonElement claims = CallerKey.Payload(token);
        claims.GetProperty("iss").GetString().ShouldBe(IssuerHost.Issuer);
        claims.GetProperty("sub").GetString().ShouldBe(IssuerHost.ClientId);
        claims.GetProperty("client_id").GetString().ShouldBe(IssuerHost.ClientId);
        claims.GetProperty("aud").GetString().ShouldBe(IssuerHost.Orders);
        claims.GetProperty("scope").GetString().ShouldBe("orders.read orders.write");
        claims.GetProperty("iat").GetInt64().ShouldBe(issuer.Clock.UtcNow.ToUnixTimeSeconds());
        claims.GetProperty("exp").GetInt64().ShouldBe(issuer.Clock.UtcNow.ToUnixTimeSeconds() + 300);
        claims.GetProperty("cnf").GetRawText().ShouldBe($$"""{"jkt":"{{issuer.Key.Thumbprint}}"}""");
        claims.GetProperty("jti").GetString()!.Length.ShouldBe(22);
        claims.GetProperty("grant_id").GetString()!.Length.ShouldBe(22);
        claims.GetProperty("grant_id").GetString().ShouldNotBe(claims.GetProperty("jti").GetString());
    }

    // AT-01, AT-14
    [Fact]
    public async Task Signs_with_the_key_it_publishes()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string token = (await issuer.AskAsync()).ShouldBeToken();
        using JsonDocument jwks = JsonDocument.Parse(await issuer.Client.GetStringAsync("/jwks"));
        JsonElement jwk = jwks.RootElement.GetProperty("keys")[0];
        CallerKey.Header(token).GetProperty("kid").GetString().ShouldBe(jwk.GetProperty("kid").GetString());
        using ECDsa key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new() { X = Base64Url.DecodeFromChars(jwk.GetProperty("x").GetString()), Y = Base64Url.DecodeFromChars(jwk.GetProperty("y").GetString()) },
        });
        int dot = token.LastIndexOf('.');
        key.VerifyData(Encoding.ASCII.GetBytes(token[..dot]), Base64Url.DecodeFromChars(token[(dot + 1)..]), HashAlgorithmName.SHA256).ShouldBeTrue();
    }

    // AT-03
    [Fact]
    public async Task Gives_every_token_its_own_identifiers()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string[] tokens = [(await issuer.AskAsync()).ShouldBeToken(), (await issuer.AskAsync()).ShouldBeToken()];
        tokens.Select(token => CallerKey.Payload(token).GetProperty("jti").GetString()).Distinct().Count().ShouldBe(2);
        tokens.Select(token => CallerKey.Payload(token).GetProperty("grant_id").GetString()).Distinct().Count().ShouldBe(2);
    }

    // DPOP-AS-37
    [Fact]
    public async Task Lets_tokens_live_as_long_as_the_setting_says()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(o => o.AccessTokenLifetime = TimeSpan.FromMinutes(2));
        TokenAnswer answer = await issuer.AskAsync();
        JsonElement claims = CallerKey.Payload(answer.ShouldBeToken());
        (claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()).ShouldBe(120);
        answer.Member("expires_in").ShouldBe("120");
    }

    [Fact]
    public async Task Forbids_caches_to_keep_tokens_and_errors()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        foreach (TokenAnswer answer in new[] { await issuer.AskAsync(), await issuer.AskAsync(proof: "") })
        {
            answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
            answer.Headers.Pragma.ToString().ShouldBe("no-cache");
        }
    }
}
