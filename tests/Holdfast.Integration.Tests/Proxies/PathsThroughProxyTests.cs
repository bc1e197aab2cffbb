namespace Holdfast.Integration.Tests;

/// <summary>
/// The proof is compared with the URL that the client called, escapes, repeated slashes and dot segments as it wrote them, and with the prefix that the
/// proxy takes off; and behind the proxy the same path arrives.
/// </summary>
[Collection(ProxyTests.Name)]
public sealed class PathsThroughProxyTests(ProxyGround ground)
{
    private static IEnumerable<object[]> Paths =>
        from path in new[] { "/orders/a%2Fb", "/orders/%7Ebob", "/orders/%41bc%c3%a9", "/orders//x", "/orders/./x", "/orders/x/../y", "/orders/a;v=1,2", "/orders/x?y=%2F&z=/../" }
        from prefix in new[] { "", ProxyBackground.Prefix }
        select (object[])[prefix + path];

    // FWD-50, FWD-52, FWD-55, FWD-64, DPOP-V-16 to DPOP-V-21
    [Theory, ThroughEachProxy(Cases = nameof(Paths))]
    public async Task Accepts_a_proof_for_the_path_as_the_client_wrote_it(string through, ProxyShape shape, string path)
    {
        ProxyProcess proxy = await ground.ThroughAsync(through, shape);
        var caller = new ProxyCaller(ground, "jkt");

        ProxyAnswer answer = await caller.SendAsync(proxy, () => caller.Request(proxy, path));

        answer.Status.ShouldBe(200, $"{answer}\n{ground.Logs(proxy)}");
        string stripped = path.StartsWith(ProxyBackground.Prefix + "/", StringComparison.Ordinal) ? path[ProxyBackground.Prefix.Length..] : path;
        answer.Json.GetProperty("url").GetString().ShouldBe(stripped);
        if (shape == ProxyShape.Guard)
            answer.Json.GetProperty("context").GetProperty("claims").GetProperty("path").GetString().ShouldBe(path.Split('?')[0]);
    }

    private static IEnumerable<object[]> Equivalents =>
    [
        ["/orders/%7Ebob", "/orders/~bob"], ["/orders/~bob", "/orders/%7ebob"], ["/orders/./%41", "/orders/A"], ["/orders-service/orders/%7Ebob", "/orders-service/orders/~bob"],
    ];

    // DPOP-V-17, DPOP-V-18
    [Theory, ThroughEachProxy(Cases = nameof(Equivalents))]
    public async Task Accepts_another_spelling_of_the_same_path(string through, ProxyShape shape, string path, string signed)
    {
        ProxyProcess proxy = await ground.ThroughAsync(through, shape);
        var caller = new ProxyCaller(ground, "jkt");

        ProxyAnswer answer = await caller.SendAsync(proxy, () => caller.Request(proxy, path, signedPath: signed));

        answer.Status.ShouldBe(200, $"{answer}\n{ground.Logs(proxy)}");
    }

    private static IEnumerable<object[]> Others =>
    [
        ["/orders/a%2F{}", "/orders/a/{}"], ["/orders/a/{}", "/orders/a%2F{}"], ["/orders//{}", "/orders/{}"], ["/orders/{}", "/orders/{}/"],
        ["/orders-service/orders/{}", "/orders-service/{}"], ["/orders/{}", "/orders-service/Orders/{}"], ["/ORDERS/{}", "/orders/{}"],
    ];

    // DPOP-V-16, DPOP-V-19, FWD-64
    [Theory, ThroughEachProxy(Cases = nameof(Others))]
    public async Task Refuses_a_proof_for_another_path(string through, ProxyShape shape, string path, string signed)
    {
        ProxyProcess proxy = await ground.ThroughAsync(through, shape);
        var caller = new ProxyCaller(ground, "jkt");
        string segment = ProxyRequest.NewSegment(), sent = path.Replace("{}", segment, StringComparison.Ordinal);

        ProxyAnswer answer = await caller.SendAsync(proxy, () => caller.Request(proxy, sent, signedPath: signed.Replace("{}", segment, StringComparison.Ordinal)));

        // A signal shows a path as it was written, with its escapes.
        await answer.ShouldBeRefusedAsync(ground, proxy, shape, sent.Split('/')[^1], VerificationFailure.TargetMismatch);
    }

    // FWD-64: the API is told of both prefixes and cannot tell them apart; the guard has seen which one it was.
    [Theory, ThroughEachProxy(Only = nameof(ProxyShape.Guard))]
    public async Task The_guard_refuses_a_proof_for_the_path_that_only_the_upstream_sees(string through, ProxyShape shape)
    {
        ProxyProcess proxy = await ground.ThroughAsync(through, shape);
        var caller = new ProxyCaller(ground, "jkt");
        string path = $"/orders/{ProxyRequest.NewSegment()}";

        ProxyAnswer answer = await caller.SendAsync(proxy, () => caller.Request(proxy, ProxyBackground.Prefix + path, signedPath: path));

        await answer.ShouldBeRefusedAsync(ground, proxy, shape, path.Split('/')[^1], VerificationFailure.TargetMismatch);
    }

    private static IEnumerable<object[]> Methods => [["POST", "GET"], ["GET", "POST"], ["DELETE", "delete"]];

    // DPOP-V-14, FWD-50, FWD-55: never the subrequest's GET.
    [Theory, ThroughEachProxy(Cases = nameof(Methods))]
    public async Task Refuses_a_proof_for_another_method(string through, ProxyShape shape, string method, string signed)
    {
        ProxyProcess proxy = await ground.ThroughAsync(through, shape);
        var caller = new ProxyCaller(ground, "jkt");
        string path = $"/orders/{ProxyRequest.NewSegment()}";

        ProxyAnswer answer = await caller.SendAsync(proxy, () => caller.Request(proxy, path, method) with
        {
            Proof = caller.Proof(proxy, path, signed), Body = method == "POST" ? "an order" : null, Fields = [("X-HTTP-Method-Override", signed), ("X-Forwarded-Method", signed)],
        });

        await answer.ShouldBeRefusedAsync(ground, proxy, shape, path.Split('/')[^1], VerificationFailure.MethodMismatch);
    }

    private static IEnumerable<object[]> Hosts =>
    [
        ["GET {path} HTTP/1.1", "evil.example"], ["GET https://localhost:{port}{path} HTTP/1.1", "evil.example"],
        ["GET https://evil.example{path} HTTP/1.1", "localhost:{port}"], ["GET https://evil.example{path} HTTP/1.1", "evil.example"],
    ];

    // FWD-65, RFC 9110 §7.2: the proof is good; the request speaks of another host, or of two. Where it is served all the same, it is as ours.
    [Theory, ThroughEachProxy(Cases = nameof(Hosts))]
    public async Task Never_serves_another_host(string through, ProxyShape shape, string line, string host)
    {
        ProxyProcess proxy = await ground.ThroughAsync(through, shape);
        var caller = new ProxyCaller(ground, "jkt");
        string path = $"/orders/{ProxyRequest.NewSegment()}";
        string Fill(string text) => text.Replace("{path}", path, StringComparison.Ordinal).Replace("{port}", $"{proxy.Port}", StringComparison.Ordinal);

        ProxyAnswer answer = await caller.SendRawAsync(proxy, nonce =>
            [Fill(line), Fill($"Host: {host}"), $"Authorization: DPoP {caller.Token}", $"DPoP: {caller.Proof(proxy, path, nonce: nonce)}"]);

        if (answer.Status == 200)
            answer.Arrived("host").ShouldBe([$"localhost:{proxy.Port}"]);
        else if (line.StartsWith("GET {path}", StringComparison.Ordinal))
            answer.Status.ShouldBe(through == "apache" ? 400 : 421, answer.ToString());
        else
            answer.Status.ShouldBeOneOf(400, 403, 421);
    }

    // FWD-65
    [Theory, ThroughEachProxy(Only = nameof(ProxyShape.Guard))]
    public async Task The_guard_refuses_another_port(string through, ProxyShape shape)
    {
        ProxyProcess proxy = await ground.ThroughAsync(through, shape);
        var caller = new ProxyCaller(ground, "jkt");
        ProxyRequest request = caller.Request(proxy, $"/orders/{ProxyRequest.NewSegment()}") with { Host = "localhost:1" };

        ProxyAnswer answer = await ground.SendAsync(proxy, request);

        await answer.ShouldBeRefusedAsync(ground, proxy, shape, request.Segment, VerificationFailure.RouteUnknown, VerificationFailure.OriginalRequestIncomplete);
    }

    // RFC 9112 §3.2: no request line has a fragment; one reader cuts it off, another makes %23 of it.
    [Theory, ThroughEachProxy]
    public async Task Refuses_a_fragment_in_the_request_line(string through, ProxyShape shape)
    {
        ProxyProcess proxy = await ground.ThroughAsync(through, shape);
        var caller = new ProxyCaller(ground, "jkt");
        string path = $"/orders/{ProxyRequest.NewSegment()}";

        ProxyAnswer answer = await caller.SendRawAsync(proxy, nonce =>
            [$"GET {path}#more HTTP/1.1", $"Host: localhost:{proxy.Port}", $"Authorization: DPoP {caller.Token}", $"DPoP: {caller.Proof(proxy, path, nonce: nonce)}"]);

        answer.Status.ShouldBeOneOf(400, 401, 403);
    }
}
