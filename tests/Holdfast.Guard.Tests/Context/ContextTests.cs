using System.Text.Json;

namespace Holdfast.Guard.Tests.Context;

/// <summary>What the upstream is told.</summary>
public sealed class ContextTests(ContextTests.Shared shared) : IClassFixture<ContextTests.Shared>
{
    private TestGuard Guard => shared.Guard;

    // FWD-62
    [Fact]
    public async Task Says_who_called_bound_to_what_and_which_request_was_verified()
    {
        GuardAnswer answer = await Guard.AskAsHonestAsync("GET", "/orders/7?state=open");
        ReadContext context = ReadContext.Parse(answer.Context);

        context.Header.GetProperty("typ").GetString().ShouldBe("holdfast-context+jwt");
        context.Header.GetProperty("alg").GetString().ShouldBe("ES256");
        context.IsSignedByOneOf(await JwksAsync()).ShouldBeTrue();
        context.String("iss").ShouldBe(TestGuard.Name);
        context.String("aud").ShouldBe(TestGuard.Upstream);
        context.String("sub").ShouldBe("orders-client");
        context.String("client_id").ShouldBe("orders-client");
        context.String("token_issuer").ShouldBe("https://issuer.example");
        context.String("scope").ShouldBe("orders.read orders.write");
        context.Claims.GetProperty("cnf").GetRawText().ShouldBe($$"""{"jkt":"{{Guard.Key.Thumbprint}}"}""");
        context.String("htm").ShouldBe("GET");
        context.String("htu").ShouldBe("https://api.example.com/orders/7");
        context.String("path").ShouldBe("/orders/7");
        context.String("query_hash").ShouldBe(TestKey.Encode(System.Security.Cryptography.SHA256.HashData("state=open"u8)));
        long issued = context.Claims.GetProperty("iat").GetInt64();
        issued.ShouldBe(Guard.Clock.UtcNow.ToUnixTimeSeconds());
        context.Claims.GetProperty("exp").GetInt64().ShouldBe(issued + 10);
        context.String("jti")!.Length.ShouldBe(22);
        context.String("txn").ShouldBe(context.String("jti"));
    }

    // FWD-64: the path as the client sent it, octet for octet.
    [Fact]
    public async Task Tells_the_raw_path_and_an_empty_query_where_there_is_none()
    {
        GuardAnswer answer = await Guard.AskNginxAsync("GET", "/caf%c3%a9/%7e", Guard.Credentials("GET", "/caf%C3%A9/~"));
        ReadContext context = ReadContext.Parse(answer.Context);

        context.String("path").ShouldBe("/caf%c3%a9/%7e");
        context.String("htu").ShouldBe("https://api.example.com/caf%C3%A9/~");
        context.String("query_hash").ShouldBe("47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU");
    }

    [Fact]
    public async Task Never_gives_two_requests_the_same_context()
    {
        string first = (await Guard.AskAsHonestAsync()).Context, second = (await Guard.AskAsHonestAsync()).Context;
        ReadContext.Parse(first).String("jti").ShouldNotBe(ReadContext.Parse(second).String("jti"));
    }

    // FWD-56, FWD-61, FWD-62
    [Theory]
    [InlineData("/authorize/nginx")]
    [InlineData("/authorize/haproxy")]
    [InlineData("/authorize/apache")]
    [InlineData("/authorize/forward")]
    [InlineData("/authorize/envoy/orders")]
    public async Task Every_refusal_overwrites_the_context_that_a_client_sent_and_is_never_stored(string endpoint)
    {
        GuardAnswer answer = await Guard.AskAsync(endpoint, ["Host: api.example.com", "X-Forwarded-Proto: https", .. TestGuard.NginxLines().Skip(1), "Holdfast-Context: forged"]);

        answer.Status.ShouldBeGreaterThanOrEqualTo(400);
        answer.Lines("Holdfast-Context").ShouldHaveSingleItem().ShouldBeEmpty();
        answer.Lines("Cache-Control").ShouldHaveSingleItem().ShouldBe("no-store");
        answer.Failure.ShouldNotBeNullOrEmpty();
    }

    // FWD-61
    [Fact]
    public async Task No_acceptance_is_ever_stored()
    {
        GuardAnswer answer = await Guard.AskAsHonestAsync();
        answer.Lines("Cache-Control").ShouldHaveSingleItem().ShouldBe("no-store");
        answer.Failure.ShouldBeNull();
    }

    private async Task<string> JwksAsync()
    {
        GuardAnswer answer = await Guard.AskAsync("/.well-known/jwks.json", ["Host: guard"]);
        answer.Status.ShouldBe(200);
        return answer.Body;
    }

    public sealed class Shared : IAsyncLifetime
    {
        internal TestGuard Guard { get; private set; } = null!;

        public async Task InitializeAsync() => Guard = await TestGuard.StartAsync();

        public async Task DisposeAsync() => await Guard.DisposeAsync();
    }
}
