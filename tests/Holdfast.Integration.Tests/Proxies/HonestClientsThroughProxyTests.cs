using System.Text.Json;

namespace Holdfast.Integration.Tests;

/// <summary>Clients that have what their tokens are bound to get in, through every proxy, over every version of HTTP and TLS.</summary>
[Collection(ProxyTests.Name)]
public sealed class HonestClientsThroughProxyTests(ProxyGround ground)
{
    private static IEnumerable<object[]> BindingsAndTransports =>
        from binding in ProxyCaller.Bindings from transport in ProxyTransport.All select (object[])[binding, .. transport];

    // FWD-22, FWD-33, FWD-35, FWD-39, FWD-50, FWD-52, FWD-55, MTLS-23, MTLS-39, DPOP-RS-28
    [Theory, ThroughEachProxy(Cases = nameof(BindingsAndTransports))]
    public async Task Get_in(string through, ProxyShape shape, string binding, string http, string tls)
    {
        ProxyProcess proxy = await ground.ThroughAsync(through, shape);
        var caller = new ProxyCaller(ground, binding);
        string path = $"/orders/{ProxyRequest.NewSegment()}?page=2";

        ProxyAnswer answer = await caller.SendAsync(proxy, () => caller.Request(proxy, path, "POST") with { Body = "an order", Transport = ProxyTransport.Of(http, tls) });

        answer.Status.ShouldBe(200, $"{answer}\n{ground.Logs(proxy)}");
        answer.Json.GetProperty("method").GetString().ShouldBe("POST");
        answer.Json.GetProperty("url").GetString().ShouldBe(path);
        answer.Json.GetProperty("body").GetString().ShouldBe("an order");
        if (shape == ProxyShape.Guard)
            ShouldHaveContext(answer, caller, binding, path);
    }

    // FWD-62, FWD-50: one context, signed by the guard for this upstream, about the client's own request and what it has proven.
    private static void ShouldHaveContext(ProxyAnswer answer, ProxyCaller caller, string binding, string path)
    {
        JsonElement claims = answer.Json.GetProperty("context").GetProperty("claims");
        claims.GetProperty("htm").GetString().ShouldBe("POST");
        claims.GetProperty("path").GetString().ShouldBe(path.Split('?')[0]);
        claims.GetProperty("client_id").GetString().ShouldBe("orders-client");
        JsonElement confirmation = claims.GetProperty("cnf");
        if (binding != "x5t#S256")
            confirmation.GetProperty("jkt").GetString().ShouldBe(caller.Key.Thumbprint);
        if (binding != "jkt")
            confirmation.GetProperty("x5t#S256").GetString().ShouldBe(TestPki.Thumbprint(caller.Certificate));
    }
}
