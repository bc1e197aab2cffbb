namespace Holdfast.Integration.Tests;

/// <summary>What only a proxy or the guard may say, a client says in vain: its own copies do not arrive, and harm nothing.</summary>
[Collection(ProxyTests.Name)]
public sealed class ForgedFieldsThroughProxyTests(ProxyGround ground)
{
    // FWD-06, FWD-14, FWD-21, FWD-25, FWD-37, FWD-51, FWD-56, FWD-62
    [Theory, ThroughEachProxy(Cases = nameof(ProxyVersions))]
    public async Task Nothing_that_a_client_forges_arrives(string through, ProxyShape shape, string http, string tls)
    {
        ProxyProcess proxy = await ground.ThroughAsync(through, shape);
        var caller = new ProxyCaller(ground, "both");
        string path = $"/orders/{ProxyRequest.NewSegment()}";

        ProxyAnswer answer = await caller.SendAsync(proxy, () => caller.Request(proxy, path) with
        {
            // Apache knows no patterns: before an API a mixed spelling passes it, and the API drops that one.
            Fields = [.. ForgedCertificate.Everything, .. shape == ProxyShape.Guard ? [("X-SSL_Client-Cert", "forged")] : Array.Empty<(string, string)>()],
            Transport = ProxyTransport.Of(http, tls),
        });

        answer.Status.ShouldBe(200, $"{answer}\n{ground.Logs(proxy)}");
        answer.ArrivedFields.Where(field => ForgedCertificate.IsForged(field.Value)).ShouldBeEmpty();
        // The secret of the proxy is the API's and the guard's alone.
        answer.ArrivedFields.Where(field => field.Value.Contains(ground.Background.Secret, StringComparison.Ordinal)).ShouldBeEmpty();
        answer.Arrived("x-forwarded-for").ShouldBe(["127.0.0.1"]);
        answer.Arrived("x-forwarded-proto").ShouldBe(["https"]);
        answer.Arrived("x-forwarded-host").ShouldBe([$"localhost:{proxy.Port}"]);
        answer.Arrived("host").ShouldBe([$"localhost:{proxy.Port}"]);
        if (shape == ProxyShape.Guard)
        {
            // FWD-62: one context, the guard's; and no certificate, which nobody behind the guard needs.
            answer.Arrived("holdfast-context").Length.ShouldBe(1);
            answer.ArrivedFields.Where(field => field.Name.Contains("client-cert", StringComparison.Ordinal)).ShouldBeEmpty();
        }
        // FWD-06: the API would drop them too, and say so.
        ground.Signals(shape).Failures(path.Split('/')[^1]).ShouldBeEmpty();
    }

    // FWD-07, FWD-35, FWD-39: not (null), and not a placeholder's own name.
    [Theory, ThroughEachProxy(Only = nameof(ProxyShape.Api))]
    public async Task Without_a_certificate_no_field_states_one(string through, ProxyShape shape)
    {
        ProxyProcess proxy = await ground.ThroughAsync(through, shape);
        var caller = new ProxyCaller(ground, "jkt");

        ProxyAnswer answer = await caller.SendAsync(proxy, () => caller.Request(proxy, $"/orders/{ProxyRequest.NewSegment()}"));

        answer.Status.ShouldBe(200, answer.ToString());
        answer.ArrivedFields.Where(field => field.Name is "client-cert" or "x-ssl-client-cert").ShouldBeEmpty();
    }

    // FWD-12, FWD-08: what a proxy says to servers, clients do not see.
    [Theory, ThroughEachProxy]
    public async Task No_answer_tells_a_client_what_was_said_behind(string through, ProxyShape shape)
    {
        ProxyProcess proxy = await ground.ThroughAsync(through, shape);
        var caller = new ProxyCaller(ground, "x5t#S256");
        foreach (ProxyRequest request in new[] { caller.Request(proxy, "/orders/1"), caller.Request(proxy, "/orders/2") with { Certificate = null } })
        {
            ProxyAnswer answer = await ground.SendAsync(proxy, request);
            answer.Fields.ShouldNotContain(field => field.Name.StartsWith("Holdfast-", StringComparison.OrdinalIgnoreCase)
                || field.Name.Contains("client-cert", StringComparison.OrdinalIgnoreCase) || field.Name.StartsWith("X-", StringComparison.OrdinalIgnoreCase), answer.ToString());
        }
    }

    // FWD-21, RFC 9110 §7.6.1: Caddy and mod_proxy take away what a client lists, their own field too; then there is no certificate.
    [Theory, ThroughEachProxy(Only = nameof(ProxyShape.Api))]
    public async Task Whoever_lists_the_proxys_own_field_in_Connection_harms_nobody_else(string through, ProxyShape shape)
    {
        ProxyProcess proxy = await ground.ThroughAsync(through, shape);
        var caller = new ProxyCaller(ground, "x5t#S256");
        ProxyRequest request = caller.Request(proxy, $"/orders/{ProxyRequest.NewSegment()}") with
        {
            Fields = [("Connection", "close, x-ssl-client-cert, client-cert")], Transport = ProxyTransport.Of("1.1", "1.3"),
        };

        ProxyAnswer answer = await ground.SendAsync(proxy, request);

        if (through is "nginx" or "haproxy")
            answer.Status.ShouldBe(200, answer.ToString());
        else
            await answer.ShouldBeRefusedAsync(ground, proxy, shape, request.Segment, VerificationFailure.CertificateMissing, VerificationFailure.CertificateHeaderUnreadable);
    }

    private static IEnumerable<object[]> ProxyVersions => [["1.1", "1.2"], ["2.0", "1.3"]];
}
