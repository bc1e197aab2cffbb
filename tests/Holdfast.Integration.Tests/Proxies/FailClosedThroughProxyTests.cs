namespace Holdfast.Integration.Tests;

/// <summary>What the guard does not allow, in so many words, no proxy forwards; what it says with a refusal or a success reaches the client.</summary>
[Collection(ProxyTests.Name)]
public sealed class FailClosedThroughProxyTests(ProxyGround ground)
{
    // 500 is all that nginx makes of a guard that fails it.
    private static readonly Dictionary<string, Dictionary<string, int>> Statuses = new()
    {
        ["nginx"] = new() { ["gone"] = 500, ["abort"] = 500, ["slow"] = 500, ["foreign 500"] = 500, ["foreign 302"] = 500, ["foreign 200"] = 502 },
        ["caddy"] = new() { ["gone"] = 502, ["abort"] = 502, ["slow"] = 504, ["foreign 500"] = 500, ["foreign 302"] = 302, ["foreign 200"] = 200 },
        ["haproxy"] = new() { ["gone"] = 503, ["abort"] = 503, ["slow"] = 503, ["foreign 500"] = 503, ["foreign 302"] = 503, ["foreign 200"] = 503 },
        ["apache"] = new() { ["gone"] = 503, ["abort"] = 503, ["slow"] = 503, ["foreign 500"] = 503, ["foreign 302"] = 503, ["foreign 200"] = 503 },
    };

    private static IEnumerable<object[]> Failures => Statuses["nginx"].Keys.Where(what => what != "slow").Select(what => (object[])[what]);

    // FWD-59: Caddy hands on whatever is no allow, a 200 of somebody else as well, and forwards nothing.
    [Theory, ThroughEachProxy(Only = nameof(ProxyShape.Guard), Cases = nameof(Failures))]
    public Task Forwards_nothing_where_the_guard(string through, ProxyShape shape, string what) => ForwardsNothingAsync(through, shape, what);

    // FWD-59: all at once, because each proxy is as patient as its sample says: above the guard's own limit, and HAProxy four times.
    [ProxyFact("nginx")]
    public Task Forwards_nothing_where_the_guard_is_slow() => Task.WhenAll(ProxyPrograms.Installed.Select(proxy => ForwardsNothingAsync(proxy.Name, ProxyShape.Guard, "slow")));

    private static IEnumerable<object[]> Refusals => [[400], [401], [403], [503]];

    // FWD-53, FWD-54, DPOP-RS-09, DPOP-RS-21
    [Theory, ThroughEachProxy(Only = nameof(ProxyShape.Guard), Cases = nameof(Refusals))]
    public async Task A_refusal_reaches_the_client_with_its_status_challenge_and_nonce(string through, ProxyShape shape, int status)
    {
        ProxyProcess proxy = await ground.ThroughStubAsync(through, shape);
        foreach (ProxyTransport transport in new[] { ProxyTransport.Default, ProxyTransport.Of("1.1", "1.2") })
        {
            ProxyAnswer answer = await ground.SendAsync(proxy, Ask($"{status} nonce") with { Method = "POST", Body = "an order", Transport = transport });

            answer.Status.ShouldBe(status, answer.ToString());
            answer.Challenges.ShouldBe(status == 503 ? [] : [StubGuard.Challenge]);
            answer.Lines("DPoP-Nonce").ShouldBe([StubGuard.Nonce]);
            answer.Lines("Retry-After").ShouldBe(status == 503 ? ["5"] : []);
            answer.Lines("Cache-Control").ShouldContain("no-store");
            answer.Text.ShouldNotContain("\"fields\"");
        }
    }

    // DPOP-RS-21, DPOP-RS-29, RFC 9449 §8.2: with the plain directives of nginx and Caddy it would be lost.
    [Theory, ThroughEachProxy(Only = nameof(ProxyShape.Guard))]
    public async Task A_nonce_that_comes_with_a_success_reaches_the_client_once_and_is_not_kept_by_caches(string through, ProxyShape shape)
    {
        ProxyProcess proxy = await ground.ThroughStubAsync(through, shape);
        foreach (ProxyTransport transport in new[] { ProxyTransport.Default, ProxyTransport.Of("1.1", "1.2") })
        {
            ProxyAnswer answer = await ground.SendAsync(proxy, Ask("200 nonce") with { Transport = transport });
            answer.Arrived("holdfast-context").ShouldBe(["a-context"]);
            answer.Lines("DPoP-Nonce").ShouldBe([StubGuard.Nonce]);
            answer.Lines("Cache-Control").ShouldContain("no-store");

            ProxyAnswer without = await ground.SendAsync(proxy, Ask("200") with { Transport = transport });
            without.Arrived("holdfast-context").ShouldBe(["a-context"]);
            without.Lines("DPoP-Nonce").ShouldBeEmpty(without.ToString());
        }
    }

    // FWD-51, FWD-52, FWD-55, FWD-57: the question is about the client's own request, and nothing that the client forged is in it.
    [Theory, ThroughEachProxy(Only = nameof(ProxyShape.Guard))]
    public async Task The_guard_is_asked_about_the_clients_own_request_and_each_part_once(string through, ProxyShape shape)
    {
        ProxyProcess proxy = await ground.ThroughStubAsync(through, shape);
        ProxyRequest request = Ask("200", "/orders-service/a%2Fb//./") with
        {
            Method = "POST", Body = "an order", Certificate = ground.Certificates.SelfSigned, Fields = [.. ForgedCertificate.Everything],
        };

        await ground.SendAsync(proxy, request);

        IReadOnlyList<(string Name, string Value)> asked = ground.Stub.Asked(request.Segment);
        string prefix = through == "caddy" ? "X-Forwarded" : "X-Original", scheme = through == "caddy" ? "X-Forwarded-Proto" : "X-Original-Scheme";
        Line($"{prefix}-Method").ShouldBe("POST");
        Line(scheme).ShouldBe("https");
        Line($"{prefix}-Host").ShouldBe($"localhost:{proxy.Port}");
        Line(through == "caddy" ? "X-Forwarded-Uri" : "X-Original-URI").ShouldBe(request.Path);
        asked.Where(field => ForgedCertificate.IsForged(field.Value)).ShouldBeEmpty();
        // FWD-52: no body, and no length of one.
        asked.Where(field => field.Name is "Transfer-Encoding" || (field.Name is "Content-Length" && field.Value != "0")).ShouldBeEmpty();

        string Line(string name) => asked.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ShouldHaveSingleItem(name).Value;
    }

    private async Task ForwardsNothingAsync(string through, ProxyShape shape, string what)
    {
        ProxyProcess proxy = what == "gone" ? await ground.ThroughNobodyAsync(through, shape) : await ground.ThroughStubAsync(through, shape);
        ProxyAnswer answer = await ground.SendAsync(proxy, Ask(what) with { Method = "POST", Body = "an order" });

        answer.Status.ShouldBe(Statuses[through][what], $"{answer}\n{proxy.Log}");
        answer.Text.ShouldNotContain("\"fields\"");
    }

    private static ProxyRequest Ask(string words, string folder = "/orders/") => new() { Path = folder + ProxyRequest.NewSegment() + "?a=b", Authorization = $"Stub {words}" };
}
