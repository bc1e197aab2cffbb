namespace Holdfast.Integration.Tests;

/// <summary>A challenge for a nonce reaches the client whole, and its answer gets in.</summary>
[Collection(ProxyTests.Name)]
public sealed class NoncesThroughProxyTests(ProxyGround ground)
{
    // DPOP-RS-19, DPOP-RS-22, FWD-54
    [Theory, ThroughEachProxy]
    public async Task A_client_whose_clock_is_wrong_is_challenged_and_gets_in_with_the_nonce(string through, ProxyShape shape)
    {
        ProxyProcess proxy = await ground.ThroughAsync(through, shape);
        var caller = new ProxyCaller(ground, "jkt");
        foreach (ProxyTransport transport in new[] { ProxyTransport.Default, ProxyTransport.Of("1.1", "1.2") })
        {
            string path = $"/orders/{ProxyRequest.NewSegment()}";
            DateTimeOffset wrong = DateTimeOffset.UtcNow.AddMinutes(-20);
            ProxyRequest Late(string? nonce) => caller.Request(proxy, path) with
            {
                Proof = new TestProof(caller.Key, "GET", $"https://localhost:{proxy.Port}{path}", wrong, caller.Token, nonce).Sign(), Transport = transport,
            };

            ProxyAnswer challenge = await ground.SendAsync(proxy, Late(nonce: null));
            challenge.AsksForNonce.ShouldBeTrue(challenge.ToString());
            string nonce = challenge.Lines("DPoP-Nonce").ShouldHaveSingleItem();
            challenge.Lines("Cache-Control").ShouldContain("no-store");
            // One challenge a scheme, in a line of its own or joined; none of them twice.
            string offered = string.Join(", ", challenge.Challenges);
            offered.Split("algs=").Length.ShouldBe(2, offered);
            offered.Split("error=").Length.ShouldBe(2, offered);
            offered.Split("Bearer").Length.ShouldBe(2, offered);

            ProxyAnswer answer = await ground.SendAsync(proxy, Late(nonce));
            answer.Status.ShouldBe(200, $"{answer}\n{ground.Logs(proxy)}");
        }
    }

    // DPOP-RS-14: without credentials there is a challenge and no error.
    [Theory, ThroughEachProxy]
    public async Task A_client_without_credentials_is_told_what_is_wanted(string through, ProxyShape shape)
    {
        ProxyProcess proxy = await ground.ThroughAsync(through, shape);

        ProxyAnswer answer = await ground.SendAsync(proxy, new ProxyRequest { Path = "/orders/1" });

        answer.Status.ShouldBe(401, answer.ToString());
        answer.Challenges[0].ShouldStartWith("DPoP algs=");
        answer.Error.ShouldBeNull();
    }
}
