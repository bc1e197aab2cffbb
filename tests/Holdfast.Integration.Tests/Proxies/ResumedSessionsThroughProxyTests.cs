namespace Holdfast.Integration.Tests;

/// <summary>A resumed TLS session still has its certificate.</summary>
[Collection(ProxyTests.Name)]
public sealed class ResumedSessionsThroughProxyTests(ProxyGround ground)
{
    private static IEnumerable<object[]> Protocols => [["-tls1_2"], ["-tls1_3"]];

    // MTLS-47, FWD-16
    [Theory, ThroughEachProxy(Cases = nameof(Protocols))]
    public async Task A_resumed_session_still_has_its_certificate(string through, ProxyShape shape, string protocol)
    {
        ProxyProcess proxy = await ground.ThroughAsync(through, shape);
        var caller = new ProxyCaller(ground, "x5t#S256");
        using var client = new OpenSslClient(caller.Certificate);

        string first = await client.GetAsync(proxy.Port, protocol, "/orders/1", $"Bearer {caller.Token}", $"localhost:{proxy.Port}");
        string second = await client.GetAsync(proxy.Port, protocol, "/orders/1", $"Bearer {caller.Token}", $"localhost:{proxy.Port}");

        first.ShouldContain("New, TLSv1");
        first.ShouldContain("HTTP/1.1 200 OK");
        second.ShouldContain("Reused, TLSv1");
        second.ShouldContain("HTTP/1.1 200 OK");
    }
}
