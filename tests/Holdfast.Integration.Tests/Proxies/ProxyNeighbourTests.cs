using System.Net;
using System.Net.Sockets;

namespace Holdfast.Integration.Tests;

/// <summary>
/// Another process on the proxy's machine goes to the API and to the guard directly and says what the proxy would say. It is not believed, because
/// it lacks the secret or comes from elsewhere; the proxy itself, which has both, is. Caddy's listeners are used: they are ports.
/// </summary>
[Collection(ProxyTests.Name)]
public sealed class ProxyNeighbourTests(ProxyGround ground)
{
    private static readonly IPAddress Proxy = IPAddress.Loopback;
    private static readonly IPAddress Neighbour = IPAddress.Parse("127.0.0.2");

    // FWD-09, FWD-11, FWD-20
    [ProxyFact("caddy")]
    public async Task The_api_believes_the_proxy_and_nobody_else()
    {
        var victim = new ProxyCaller(ground, "x5t#S256");
        foreach ((IPAddress from, string[] secrets, bool isProxy) in Peers())
        {
            string segment = ProxyRequest.NewSegment();
            using HttpResponseMessage answer = await SendAsync(from, ground.Plan("caddy").ApiPort, $"/orders/{segment}", victim, secrets,
                ("Client-Cert", $":{Convert.ToBase64String(victim.Certificate.RawData)}:"));

            ((int)answer.StatusCode).ShouldBe(isProxy ? 200 : 401, $"{from} {secrets.Length}");
            if (!isProxy)
            {
                string[] signalled = await ground.ApiSignals.WaitForAnyAsync(segment, "certificate_missing");
                signalled.ShouldBe(["certificate_header_untrusted", "certificate_missing"], ignoreOrder: true);
            }
        }
    }

    // FWD-20, FWD-51
    [ProxyFact("caddy")]
    public async Task The_guard_believes_the_proxy_and_nobody_else()
    {
        var victim = new ProxyCaller(ground, "x5t#S256");
        foreach ((IPAddress from, string[] secrets, bool isProxy) in Peers())
        {
            using HttpResponseMessage answer = await SendAsync(from, ground.Plan("caddy").GuardPort, "/authorize/forward", victim, secrets,
                ("X-Forwarded-Method", "GET"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", new Uri(ground.Plan("caddy").Origin(ProxyShape.Guard)).Authority),
                ("X-Forwarded-Uri", $"/orders/{ProxyRequest.NewSegment()}"), ("Client-Cert", $":{Convert.ToBase64String(victim.Certificate.RawData)}:"));

            ((int)answer.StatusCode).ShouldBe(isProxy ? 200 : 403, $"{from} {secrets.Length}");
            string.IsNullOrEmpty(answer.Headers.NonValidated["Holdfast-Context"].ToString()).ShouldBe(!isProxy);
            if (!isProxy)
                answer.Headers.GetValues("Holdfast-Failure").ShouldBe(["proxy_untrusted"]);
        }
        // The neighbour's own words are not in it: what is reported is his question, not the request that he made up.
        string[] signalled = await ground.GuardSignals.WaitForAnyAsync("forward", "proxy_untrusted");
        signalled.ShouldContain("certificate_header_untrusted");
    }

    // FWD-51: where nothing but keys and health is served, nobody is asked.
    [ProxyFact("caddy")]
    public async Task No_contract_is_answered_on_the_listener_of_the_keys()
    {
        var victim = new ProxyCaller(ground, "x5t#S256");
        foreach (string contract in new[] { "nginx", "forward", "haproxy", "apache", "envoy/orders" })
        {
            using HttpResponseMessage answer = await SendAsync(Proxy, new Uri(ground.Background.GuardName).Port, $"/authorize/{contract}", victim, [ground.Background.Secret]);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
    }

    private IEnumerable<(IPAddress From, string[] Secrets, bool IsProxy)> Peers() =>
    [
        (Proxy, [ground.Background.Secret], true), (Proxy, [], false), (Proxy, [""], false), (Proxy, [new string('x', ground.Background.Secret.Length)], false),
        (Proxy, [ground.Background.Secret, ground.Background.Secret], false), (Proxy, [ground.Background.Secret.ToLowerInvariant()], false), (Neighbour, [ground.Background.Secret], false), (Neighbour, [], false),
    ];

    private static async Task<HttpResponseMessage> SendAsync(IPAddress from, int port, string path, ProxyCaller caller, string[] secrets, params (string Name, string Value)[] fields)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, cancellation) => ConnectAsync(from, port, cancellation) });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}{path}");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {caller.Token}");
        foreach ((string name, string value) in fields)
            request.Headers.TryAddWithoutValidation(name, value);
        // Two of a name go out as one line with a comma.
        foreach (string secret in secrets)
            request.Headers.TryAddWithoutValidation("Holdfast-Proxy-Secret", secret);
        return await http.SendAsync(request, CancellationToken.None);
    }

    private static async ValueTask<Stream> ConnectAsync(IPAddress from, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
