namespace Holdfast.Guard.Tests.Proxies;

/// <summary>Which status each proxy is given, and which the client should see.</summary>
public sealed class StatusTests
{
    public static TheoryData<string, string, int> Refusals => new()
    {
        { "no credentials", "credentials_missing", 401 },
        { "bearer", "unbound_token", 401 },
        { "two tokens", "authorization_repeated", 400 },
        { "token in query", "token_outside_header", 400 },
        { "no scope", "scope_insufficient", 403 },
        { "unknown origin", "route_unknown", 403 },
        { "issuer down", "issuer_unavailable", 503 },
    };

    // FWD-53
    [Theory, MemberData(nameof(Refusals))]
    public async Task Nginx_is_told_401_or_403_and_beside_it_what_is_meant(string refusal, string failure, int status)
    {
        GuardAnswer answer = await AskAsync("/authorize/nginx", refusal);
        answer.Failure.ShouldBe(failure, answer.ToString());
        answer.Meant.ShouldBe(status);
        answer.Status.ShouldBe(status == 401 ? 401 : 403);
    }

    [Theory, MemberData(nameof(Refusals))]
    public async Task The_other_proxies_are_told_the_status_itself(string refusal, string failure, int status)
    {
        GuardAnswer answer = await AskAsync("/authorize/haproxy", refusal);
        answer.Failure.ShouldBe(failure, answer.ToString());
        answer.Meant.ShouldBe(status);
        answer.Status.ShouldBe(status);
        answer.Lines("Retry-After").Length.ShouldBe(status == 503 ? 1 : 0);
        answer.Lines("Content-Length").ShouldHaveSingleItem().ShouldBe("0");
    }

    // DPOP-RS-09, DPOP-RS-10, DPOP-RS-11
    [Fact]
    public async Task The_challenge_is_that_of_the_api_door()
    {
        await using TestGuard guard = await TestGuard.StartAsync();
        (await guard.AskNginxAsync("GET", "/orders")).Challenges.ShouldBe(["DPoP algs=\"ES256 ES384 PS256 PS384\""]);
        string challenge = (await guard.AskNginxAsync("GET", "/orders", $"Authorization: Bearer {guard.BoundToken()}")).Challenges.ShouldHaveSingleItem();
        challenge.ShouldStartWith("DPoP error=\"invalid_token\"");
    }

    // FWD-54, DPOP-RS-16: of several lines nginx hands on the first only.
    [Fact]
    public async Task Nginx_gets_all_challenges_in_one_line()
    {
        await using TestGuard guard = await TestGuard.StartAsync(yaml => yaml.Replace("audience: https://api.example.com", "audience: https://api.example.com\n    mode: observe"));
        (await guard.AskNginxAsync("GET", "/orders")).Challenges.ShouldBe(["DPoP algs=\"ES256 ES384 PS256 PS384\", Bearer"]);
        (await guard.AskAsync("/authorize/haproxy", TestGuard.NginxLines())).Challenges.ShouldBe(["DPoP algs=\"ES256 ES384 PS256 PS384\"", "Bearer"]);
    }

    // DPOP-RS-19, DPOP-RS-21, FWD-54
    [Fact]
    public async Task A_nonce_reaches_the_client_with_the_challenge_and_with_success()
    {
        await using TestGuard guard = await TestGuard.StartAsync(yaml => yaml.Replace("nonces: on-demand", "nonces: always"));
        GuardAnswer challenged = await guard.AskAsHonestAsync();
        challenged.Status.ShouldBe(401);
        challenged.Failure.ShouldBe("nonce_missing");
        challenged.Challenges.ShouldHaveSingleItem().ShouldContain("error=\"use_dpop_nonce\"");
        string nonce = challenged.Nonce.ShouldNotBeNull();

        GuardAnswer passed = await guard.AskNginxAsync("GET", "/orders", guard.Credentials("GET", "/orders", nonce));
        passed.Status.ShouldBe(200);
        guard.Clock.Advance(DPoPNonces.GenerationLength);
        GuardAnswer later = await guard.AskNginxAsync("GET", "/orders", guard.Credentials("GET", "/orders", nonce));
        later.Status.ShouldBe(200);
        later.Nonce.ShouldNotBeNull().ShouldNotBe(nonce);
    }

    // DPOP-RS-24
    [Fact]
    public async Task A_route_may_demand_what_its_resource_only_observes()
    {
        await using TestGuard guard = await TestGuard.StartAsync(yaml => yaml.Replace("audience: https://api.example.com", "audience: https://api.example.com\n    mode: observe")
            .Replace("    upstream: orders-service", "    upstream: orders-service\n  - origin: https://api.example.com\n    path: /admin\n    resource: orders\n    mode: require\n    upstream: orders-service"));
        string bearer = $"Authorization: Bearer {guard.BearerToken()}";

        GuardAnswer observed = await guard.AskNginxAsync("GET", "/orders", bearer);
        observed.Status.ShouldBe(200);
        ReadContext.Parse(observed.Context).Claims.TryGetProperty("cnf", out _).ShouldBeFalse();
        guard.Recorded.Signals.ShouldHaveSingleItem().Refused.ShouldBeFalse();
        (await guard.AskNginxAsync("GET", "/admin", bearer)).Failure.ShouldBe("unbound_token");
    }

    // RFC 6750 §3.1
    [Fact]
    public async Task A_missing_scope_is_told_with_its_challenge()
    {
        GuardAnswer answer = await AskAsync("/authorize/haproxy", "no scope");
        answer.Challenges.ShouldHaveSingleItem().ShouldContain("error=\"insufficient_scope\"");
    }

    private static async Task<GuardAnswer> AskAsync(string endpoint, string refusal)
    {
        await using TestGuard guard = await TestGuard.StartAsync(yaml => refusal == "no scope" ? yaml.Replace("[orders.read]", "[orders.read, orders.delete]") : yaml);
        guard.Issuer.IsDown = false;
        string[] credentials = guard.Credentials("GET", "/orders");
        switch (refusal)
        {
            case "no credentials":
                return await guard.AskAsync(endpoint, TestGuard.NginxLines());
            case "bearer":
                return await guard.AskAsync(endpoint, [.. TestGuard.NginxLines(), $"Authorization: Bearer {guard.BearerToken()}"]);
            case "two tokens":
                return await guard.AskAsync(endpoint, [.. TestGuard.NginxLines(), .. credentials, credentials[0]]);
            case "token in query":
                return await guard.AskAsync(endpoint, [.. TestGuard.NginxLines(uri: "/orders?access_token=x"), .. credentials]);
            case "unknown origin":
                return await guard.AskAsync(endpoint, [.. TestGuard.NginxLines(host: "other.example.com"), .. credentials]);
            case "issuer down":
                await using (TestGuard down = await TestGuard.StartAsync(issuer: new TestIssuer { IsDown = true }))
                    return await down.AskAsync(endpoint, [.. TestGuard.NginxLines(), .. down.Credentials("GET", "/orders")]);
            default:
                return await guard.AskAsync(endpoint, [.. TestGuard.NginxLines(), .. credentials]);
        }
    }
}
