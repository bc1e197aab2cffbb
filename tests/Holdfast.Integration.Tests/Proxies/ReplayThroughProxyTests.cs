namespace Holdfast.Integration.Tests;

/// <summary>What was allowed once is asked for again: no proxy keeps an answer of the guard.</summary>
[Collection(ProxyTests.Name)]
public sealed class ReplayThroughProxyTests(ProxyGround ground)
{
    // FWD-61, DPOP-V-27
    [Theory, ThroughEachProxy]
    public async Task Refuses_the_same_proof_again(string through, ProxyShape shape)
    {
        ProxyProcess proxy = await ground.ThroughAsync(through, shape);
        var caller = new ProxyCaller(ground, "both");
        ProxyRequest? sent = null;
        string path = $"/orders/{ProxyRequest.NewSegment()}";
        ProxyAnswer first = await caller.SendAsync(proxy, () => sent = caller.Request(proxy, path));
        first.Status.ShouldBe(200, first.ToString());

        foreach (ProxyTransport transport in new[] { ProxyTransport.Default, ProxyTransport.Of("1.1", "1.2") })
        {
            ProxyAnswer again = await ground.SendAsync(proxy, sent! with { Transport = transport });
            await again.ShouldBeRefusedAsync(ground, proxy, shape, sent!.Segment, VerificationFailure.ProofReplayed);
        }
    }

    // FWD-61, FWD-62: each request has a context of its own, which is not given out again.
    [Theory, ThroughEachProxy(Only = nameof(ProxyShape.Guard))]
    public async Task Each_request_gets_a_context_of_its_own(string through, ProxyShape shape)
    {
        ProxyProcess proxy = await ground.ThroughAsync(through, shape);
        // Without a proof nothing else differs between two requests.
        var caller = new ProxyCaller(ground, "x5t#S256");
        string path = $"/orders/{ProxyRequest.NewSegment()}";
        List<string> identifiers = [];
        for (int i = 0; i < 4; i++)
        {
            ProxyAnswer answer = await caller.SendAsync(proxy, () => caller.Request(proxy, path));
            answer.Status.ShouldBe(200, answer.ToString());
            identifiers.Add(answer.Json.GetProperty("context").GetProperty("claims").GetProperty("jti").GetString()!);
        }
        identifiers.Distinct().Count().ShouldBe(4);
    }
}
