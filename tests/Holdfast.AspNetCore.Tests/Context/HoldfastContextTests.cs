using System.Text.Json.Nodes;
using Holdfast.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore.Tests.Context;

/// <summary>What an upstream takes a guard's word for.</summary>
public sealed class HoldfastContextTests
{
    // FWD-62
    [Fact]
    public async Task The_principal_is_the_one_that_the_api_door_would_have_made_of_the_token()
    {
        await using TestUpstream upstream = await TestUpstream.StartAsync();

        string answer = await upstream.SendAsync("GET /orders/7?state=open HTTP/1.1", $"Holdfast-Context: {upstream.Sign(upstream.Claims())}");

        RawHttp.Status(answer).ShouldBe(200);
        foreach (string claim in new[] { "iss=https://login.example.com", "sub=alice", "client_id=orders-client", "scope=orders.read", "scope=orders.write", "txn=transaction-1", "cnf={\"jkt\":" })
            answer.ShouldContain(claim);
        foreach (string none in new[] { "aud=", "htm=", "path=", "exp=", TestUpstream.Guard })
            answer.ShouldNotContain(none);
        upstream.Recorded.Signals.ShouldBeEmpty();
    }

    // FWD-62: a request that came past the guard.
    [Fact]
    public async Task Refuses_a_request_without_context_and_one_with_several()
    {
        await using TestUpstream upstream = await TestUpstream.StartAsync();
        string answer = await upstream.SendAsync("GET /orders/7?state=open HTTP/1.1");
        RawHttp.Status(answer).ShouldBe(401);
        answer.ShouldContain("WWW-Authenticate: Holdfast-Context");
        upstream.Recorded.Failure.ShouldBe(VerificationFailure.ContextMissing);

        string context = upstream.Sign(upstream.Claims());
        (await upstream.FailureAsync($"{context}\r\nHoldfast-Context: {context}")).ShouldBe(VerificationFailure.ContextMissing);
        (await upstream.FailureAsync("")).ShouldBe(VerificationFailure.ContextMissing);
        // Nothing of it was used.
        (await upstream.FailureAsync(context)).ShouldBeNull();
    }

    // FWD-62
    [Fact]
    public async Task Takes_a_context_once()
    {
        await using TestUpstream upstream = await TestUpstream.StartAsync();
        string context = upstream.Sign(upstream.Claims());
        (await upstream.FailureAsync(context)).ShouldBeNull();
        (await upstream.FailureAsync(context)).ShouldBe(VerificationFailure.ContextReplayed);
        // Signed again with the same identifier it is the same context.
        JsonObject claims = upstream.Claims();
        (await upstream.FailureAsync(upstream.Sign(claims))).ShouldBeNull();
        (await upstream.FailureAsync(upstream.Sign(claims))).ShouldBe(VerificationFailure.ContextReplayed);
    }

    // A context is consumed by the request that it is for, and by nothing that was refused.
    [Fact]
    public async Task A_refused_request_uses_nothing_up()
    {
        await using TestUpstream upstream = await TestUpstream.StartAsync();
        string context = upstream.Sign(upstream.Claims());
        (await upstream.FailureAsync(context, "GET /orders/8?state=open HTTP/1.1")).ShouldBe(VerificationFailure.ContextMismatch);
        (await upstream.FailureAsync(context)).ShouldBeNull();
    }

    // FWD-62, FWD-64
    [Theory]
    [InlineData("POST /orders/7?state=open HTTP/1.1")]
    [InlineData("get /orders/7?state=open HTTP/1.1")]
    [InlineData("GET /orders/8?state=open HTTP/1.1")]
    [InlineData("GET /Orders/7?state=open HTTP/1.1")]
    [InlineData("GET /orders/7/?state=open HTTP/1.1")]
    [InlineData("GET //orders/7?state=open HTTP/1.1")]
    [InlineData("GET /orders%2F7?state=open HTTP/1.1")]
    [InlineData("GET /shop/orders/7?state=open HTTP/1.1")]
    [InlineData("GET /orders/7 HTTP/1.1")]
    [InlineData("GET /orders/7? HTTP/1.1")]
    [InlineData("GET /orders/7?state=closed HTTP/1.1")]
    [InlineData("GET /orders/7?state=open&state=closed HTTP/1.1")]
    [InlineData("GET /orders/7?state=ope%6e HTTP/1.1")]
    public async Task Refuses_a_context_for_another_request(string requestLine)
    {
        await using TestUpstream upstream = await TestUpstream.StartAsync();
        (await upstream.FailureAsync(upstream.Sign(upstream.Claims()), requestLine)).ShouldBe(VerificationFailure.ContextMismatch);
    }

    // RFC 3986 §6.2.2: a proxy may respell what means the same.
    [Theory]
    [InlineData("GET /%6frders/7?state=open HTTP/1.1")]
    [InlineData("GET /x/../orders/7?state=open HTTP/1.1")]
    [InlineData("GET http://service/orders/7?state=open HTTP/1.1")]
    public async Task Takes_a_path_that_is_spelled_otherwise(string requestLine)
    {
        await using TestUpstream upstream = await TestUpstream.StartAsync();
        (await upstream.FailureAsync(upstream.Sign(upstream.Claims()), requestLine.Replace("http://service", "http://attacker.example"))).ShouldBeNull();
    }

    [Fact]
    public async Task An_empty_query_is_none()
    {
        await using TestUpstream upstream = await TestUpstream.StartAsync();
        (await upstream.FailureAsync(upstream.Sign(upstream.Claims(query: "")), "GET /orders/7? HTTP/1.1")).ShouldBeNull();
    }

    public static TheoryData<string> Forgeries =>
    [
        "typ at+jwt", "typ missing", "typ JWT", "alg none", "alg of another", "kid unknown", "key of another", "signature cut", "payload altered", "iss another", "iss missing",
        "aud another", "aud several", "aud missing", "exp past", "iat ahead", "exp far", "exp before iat", "exp missing", "iat missing", "iat text", "jti missing", "sub missing",
        "crit", "not a JWT", "four parts", "too long",
    ];

    // FWD-62: form, type, signature, audience and time.
    [Theory, MemberData(nameof(Forgeries))]
    public async Task Refuses_what_no_guard_of_this_service_signed_for_it_now(string forgery)
    {
        await using TestUpstream upstream = await TestUpstream.StartAsync();
        JsonObject claims = upstream.Claims();
        long now = upstream.Clock.UtcNow.ToUnixTimeSeconds();
        string Changed(string claim, JsonNode? value)
        {
            if (value is null)
                claims.Remove(claim);
            else
                claims[claim] = value;
            return upstream.Sign(claims);
        }
        string good = upstream.Sign(upstream.Claims());
        string context = forgery switch
        {
            "typ at+jwt" => upstream.Sign(claims, header => header["typ"] = "at+jwt"),
            "typ missing" => upstream.Sign(claims, header => header.Remove("typ")),
            "typ JWT" => upstream.Sign(claims, header => header["typ"] = "JWT"),
            "alg none" => upstream.Sign(claims, header => header["alg"] = "none"),
            "alg of another" => upstream.Sign(claims, header => header["alg"] = "RS256"),
            "kid unknown" => upstream.Sign(claims, header => header["kid"] = "g9"),
            "key of another" => upstream.Sign(claims, key: TestKey.Es256("g1")),
            "signature cut" => good[..^4],
            "payload altered" => $"{good.Split('.')[0]}.{upstream.Sign(upstream.Claims()).Split('.')[1]}.{good.Split('.')[2]}",
            "iss another" => Changed("iss", "https://other.example.com"),
            "iss missing" => Changed("iss", null),
            "aud another" => Changed("aud", "invoices-service"),
            "aud several" => Changed("aud", new JsonArray(TestUpstream.Audience, "invoices-service")),
            "aud missing" => Changed("aud", null),
            "exp past" => PastContext(upstream, claims, now),
            "iat ahead" => AheadContext(upstream, claims, now),
            "exp far" => Changed("exp", now + 31),
            "exp before iat" => Changed("exp", now - 1),
            "exp missing" => Changed("exp", null),
            "iat missing" => Changed("iat", null),
            "iat text" => Changed("iat", $"{now}"),
            "jti missing" => Changed("jti", null),
            "sub missing" => Changed("sub", null),
            "crit" => upstream.Sign(claims, header => header["crit"] = new JsonArray("exp")),
            "not a JWT" => "context",
            "four parts" => good + ".x",
            _ => good + new string('A', 16 * 1024),
        };
        (await upstream.FailureAsync(context)).ShouldBe(VerificationFailure.ContextInvalid);
    }

    // The leeway, at its edges.
    [Theory]
    [InlineData(14, true)]
    [InlineData(15, false)]
    [InlineData(-5, true)]
    [InlineData(-6, false)]
    public async Task Takes_a_context_within_ten_seconds_and_the_leeway(int secondsLater, bool passes)
    {
        await using TestUpstream upstream = await TestUpstream.StartAsync();
        JsonObject claims = upstream.Claims();
        claims["iat"] = upstream.Clock.UtcNow.ToUnixTimeSeconds() - secondsLater;
        claims["exp"] = upstream.Clock.UtcNow.ToUnixTimeSeconds() - secondsLater + 10;
        (await upstream.FailureAsync(upstream.Sign(claims))).ShouldBe(passes ? null : VerificationFailure.ContextInvalid);
    }

    [Fact]
    public async Task A_key_that_is_new_is_read_once_and_one_that_nobody_published_costs_the_guard_little()
    {
        await using TestUpstream upstream = await TestUpstream.StartAsync();
        (await upstream.FailureAsync(upstream.Sign(upstream.Claims()))).ShouldBeNull();
        TestKey old = upstream.Keys.Key, next = TestKey.Es256("g2");
        upstream.Keys.Published.AddRange([next, old]);
        upstream.Keys.Key = next;

        (await upstream.FailureAsync(upstream.Sign(upstream.Claims()))).ShouldBeNull();
        int requests = upstream.Keys.Requests;
        for (int i = 0; i < 5; i++)
            (await upstream.FailureAsync(upstream.Sign(upstream.Claims(), header => header["kid"] = "invented"))).ShouldBe(VerificationFailure.ContextInvalid);
        upstream.Keys.Requests.ShouldBeLessThanOrEqualTo(requests + 1);
    }

    [Fact]
    public async Task Answers_503_while_the_keys_of_the_guard_were_never_obtained()
    {
        await using TestUpstream upstream = await TestUpstream.StartAsync();
        upstream.Keys.IsDown = true;
        string answer = await upstream.SendAsync("GET /orders/7?state=open HTTP/1.1", $"Holdfast-Context: {upstream.Sign(upstream.Claims())}");
        RawHttp.Status(answer).ShouldBe(503);
        answer.ShouldContain("Retry-After: 5");
        upstream.Recorded.Failure.ShouldBe(VerificationFailure.ContextKeysUnavailable);
    }

    // FWD-20: where peers are declared, nobody else brings a context.
    [Fact]
    public async Task Takes_a_context_from_the_declared_peers_alone()
    {
        const string Secret = "a-secret-that-the-proxy-shares-1";
        await using TestUpstream upstream = await TestUpstream.StartAsync(options => options.TrustedPeers = new() { Addresses = ["127.0.0.1"], Secrets = [Secret] });
        string context = upstream.Sign(upstream.Claims());
        (await upstream.FailureAsync(context)).ShouldBe(VerificationFailure.ProxyUntrusted);
        (await upstream.FailureAsync($"{context}\r\nHoldfast-Proxy-Secret: {Secret}")).ShouldBeNull();
    }

    // FWD-64: what the proxy strips and adds is declared, and then the whole public URL counts.
    [Fact]
    public async Task Compares_with_the_public_url_where_the_proxy_rewrites_paths()
    {
        await using TestUpstream upstream = await TestUpstream.StartAsync(options => options.PublicOrigins = ["https://api.example.com/shop"]);
        (await upstream.FailureAsync(upstream.Sign(upstream.Claims("/shop/orders/7")))).ShouldBeNull();
        (await upstream.FailureAsync(upstream.Sign(upstream.Claims("/orders/7")))).ShouldBe(VerificationFailure.ContextMismatch);
        JsonObject elsewhere = upstream.Claims("/shop/orders/7");
        elsewhere["htu"] = "https://other.example.com/shop/orders/7";
        (await upstream.FailureAsync(upstream.Sign(elsewhere))).ShouldBe(VerificationFailure.ContextMismatch);
    }

    // The application's own error page runs the request again: the context is its own, not a replay.
    [Fact]
    public async Task An_exception_handler_sees_the_same_caller()
    {
        await using TestUpstream upstream = await TestUpstream.StartAsync();
        string answer = await upstream.SendAsync("GET /throws HTTP/1.1", $"Holdfast-Context: {upstream.Sign(upstream.Claims("/throws", ""))}");
        answer.ShouldContain("failed for alice");
    }

    [Fact]
    public async Task Refuses_where_there_is_no_room_to_remember()
    {
        await using TestUpstream upstream = await TestUpstream.StartAsync(options => options.MemoryCapacity = 1);
        (await upstream.FailureAsync(upstream.Sign(upstream.Claims()))).ShouldBeNull();
        (await upstream.FailureAsync(upstream.Sign(upstream.Claims()))).ShouldBe(VerificationFailure.ReplayStoreFull);
    }

    [Fact]
    public async Task Replicas_may_share_what_they_remember()
    {
        var clock = new ManualTimeProvider();
        var shared = new EmbeddedReplayStore(new EmbeddedReplayStoreOptions { NoPredecessor = true }, new VerifierClock(clock));
        void Share(IServiceCollection services) => services.AddKeyedSingleton<IReplayStore>(HoldfastDefaults.ContextScheme, shared);
        await using TestUpstream one = await TestUpstream.StartAsync(services: Share), other = await TestUpstream.StartAsync(services: Share);
        other.Keys.Key = one.Keys.Key;
        string context = one.Sign(one.Claims());
        (await one.FailureAsync(context)).ShouldBeNull();
        (await other.FailureAsync(context)).ShouldBe(VerificationFailure.ContextReplayed);
    }

    [Fact]
    public async Task All_problems_of_the_options_are_told_together_at_the_start()
    {
        OptionsValidationException failure = await Should.ThrowAsync<OptionsValidationException>(() => TestUpstream.StartAsync(options =>
        {
            options.Audience = "";
            options.Guards = ["guard", "http://guard.example.com", new ContextGuard()];
            options.PublicOrigins = ["api", new PublicOrigin { Url = "https://api.example.com", StripPrefix = "x" }];
            options.TrustedPeers = new();
            options.ClockSkew = TimeSpan.FromMinutes(1);
            options.MemoryCapacity = 0;
            options.KeyRefreshInterval = TimeSpan.FromHours(1);
            options.UnknownKeyRefreshInterval = TimeSpan.Zero;
        }));
        failure.Failures.Select(problem => problem.Split(':')[0]).ShouldBe(
            ["Audience", "Guards", "Guards", "Guards", "PublicOrigins", "PublicOrigins", "TrustedPeers", "ClockSkew", "MemoryCapacity", "KeyRefreshInterval", "UnknownKeyRefreshInterval"]);
    }

    private static string PastContext(TestUpstream upstream, JsonObject claims, long now)
    {
        (claims["iat"], claims["exp"]) = (now - 25, now - 15);
        return upstream.Sign(claims);
    }

    private static string AheadContext(TestUpstream upstream, JsonObject claims, long now)
    {
        (claims["iat"], claims["exp"]) = (now + 6, now + 16);
        return upstream.Sign(claims);
    }
}
