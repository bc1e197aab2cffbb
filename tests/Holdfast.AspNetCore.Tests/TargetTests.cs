using System.Net;
using Holdfast.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.AspNetCore.Tests;

public class TargetTests
{
    private static TestProof For(TestApi api, string method, string url, string token) => new(api.Key, method, url, api.Clock.UtcNow, token);

    // DPOP-V-21
    [Theory]
    [InlineData("GET /orders/7 HTTP/1.1", "https://api.example.com/orders/7", 200)]
    [InlineData("GET /orders/7?x=1 HTTP/1.1", "https://api.example.com/orders/7", 200)]
    [InlineData("GET /orders/%37 HTTP/1.1", "https://api.example.com/orders/7", 200)]
    [InlineData("GET /orders/a%2Fb HTTP/1.1", "https://api.example.com/orders/a%2Fb", 200)]
    [InlineData("GET /orders/a%2Fb HTTP/1.1", "https://api.example.com/orders/a/b", 401)]
    [InlineData("GET /orders/x/../7 HTTP/1.1", "https://api.example.com/orders/7", 200)]
    [InlineData("GET http://attacker.example/orders/7 HTTP/1.1", "https://api.example.com/orders/7", 200)]
    [InlineData("GET http://attacker.example/orders/7 HTTP/1.1", "http://attacker.example/orders/7", 401)]
    [InlineData("GET /orders/7 HTTP/1.1", "http://attacker.example/orders/7", 401)]
    [InlineData("GET /orders/7 HTTP/1.1", "https://api.example.com/Orders/7", 401)]
    [InlineData("GET /orders/7 HTTP/1.1", "https://api.example.com/orders/7/", 401)]
    [InlineData("GET /orders/7 HTTP/1.1", "https://api.example.com//orders/7", 401)]
    [InlineData("GET /orders/a|b HTTP/1.1", "https://api.example.com/orders/a%7Cb", 400)]
    public async Task Compares_htu_with_the_public_origin_and_the_raw_path(string requestLine, string htu, int status)
    {
        await using TestApi api = await TestApi.StartAsync(new() { Kestrel = true });
        string token = api.BoundToken();

        string answer = await RawHttp.SendAsync(api.Port, requestLine, $"Authorization: DPoP {token}", $"DPoP: {For(api, "GET", htu, token)}");

        RawHttp.Status(answer).ShouldBe(status);
        api.Recorded.Signals.Count.ShouldBe(status == 200 ? 0 : 1);
    }

    // DPOP-V-21: a name that is none must not make anything throw that reads hosts.
    [Fact]
    public async Task Looks_at_no_host_where_the_origins_are_declared()
    {
        await using TestApi api = await TestApi.StartAsync(new() { Kestrel = true, Options = options => options.PublicOrigins = ["https://one.example.com", "https://two.example.com"] });
        string token = api.BoundToken();

        string answer = await RawHttp.SendAsync(api.Port, "GET /orders HTTP/1.1", "Host: xn--99999999.example", $"Authorization: DPoP {token}",
            $"DPoP: {For(api, "GET", "https://two.example.com/orders", token)}");

        RawHttp.Status(answer).ShouldBe(200, answer);
    }

    // DPOP-V-21
    [Fact]
    public async Task Believes_no_forwarded_header_of_a_stranger()
    {
        await using TestApi api = await TestApi.StartAsync(new() { Kestrel = true });
        string token = api.BoundToken();

        string answer = await RawHttp.SendAsync(api.Port, "GET /orders HTTP/1.1", $"Authorization: DPoP {token}",
            $"DPoP: {For(api, "GET", "https://attacker.example/orders", token)}", "X-Forwarded-Host: attacker.example", "X-Forwarded-Proto: https",
            "Forwarded: host=attacker.example;proto=https", "X-Original-URL: /orders");

        RawHttp.Status(answer).ShouldBe(401);
        VerificationSignal signal = api.Recorded.Signals.ShouldHaveSingleItem();
        signal.Failure.Failure.ShouldBe(VerificationFailure.TargetMismatch);
        signal.Expected.ShouldBe("https://api.example.com/orders");
        signal.Seen!.ShouldContain("host differs");
    }

    // DPOP-V-21
    [Theory]
    [InlineData("https://api.example.com", null, "/orders/7", "https://api.example.com/orders/7", 200)]
    [InlineData("https://gw.example.com/svc", null, "/orders/7", "https://gw.example.com/svc/orders/7", 200)]
    [InlineData("https://gw.example.com/svc", null, "/orders/7", "https://gw.example.com/orders/7", 401)]
    [InlineData("https://gw.example.com/svc", null, "/svc/../orders/7", "https://gw.example.com/svc/orders/7", 200)]
    [InlineData("https://gw.example.com/svc", null, "/../orders/7", "https://gw.example.com/orders/7", 401)]
    [InlineData("https://gw.example.com", "/orders", "/orders/7", "https://gw.example.com/7", 200)]
    [InlineData("https://gw.example.com/v2", "/orders", "/orders/7", "https://gw.example.com/v2/7", 200)]
    [InlineData("https://gw.example.com", "/ord", "/orders/7", "https://gw.example.com/ers/7", 400)]
    [InlineData("https://gw.example.com/v2", "/ord", "/orders/7", "https://gw.example.com/v2ers/7", 400)]
    public async Task Adds_and_strips_the_prefixes_that_were_declared(string url, string? strip, string path, string htu, int status)
    {
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Kestrel = true,
            Options = options => options.PublicOrigins = [new PublicOrigin { Url = url, StripPrefix = strip }],
        });
        string token = api.BoundToken();

        string answer = await RawHttp.SendAsync(api.Port, $"GET {path} HTTP/1.1", $"Authorization: DPoP {token}", $"DPoP: {For(api, "GET", htu, token)}");

        RawHttp.Status(answer).ShouldBe(status);
    }

    // DPOP-V-21
    [Fact]
    public async Task Accepts_any_of_several_public_origins_and_no_other()
    {
        await using TestApi api = await TestApi.StartAsync(new() { Options = options => options.PublicOrigins = ["https://a.example", "https://b.example/x"] });
        string token = api.BoundToken();
        async Task<HttpStatusCode> With(string htu) => (await api.GetAsync("/orders", token, For(api, "GET", htu, token))).StatusCode;

        (await With("https://a.example/orders")).ShouldBe(HttpStatusCode.OK);
        (await With("https://b.example/x/orders")).ShouldBe(HttpStatusCode.OK);
        (await With("https://b.example/orders")).ShouldBe(HttpStatusCode.Unauthorized);
        (await With("https://api.example.com/orders")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    // DPOP-V-21
    [Theory]
    [InlineData("api.example.org", "https", 200)]
    [InlineData("api.example.org:443", "https", 200)]
    [InlineData("api.example.org:8443", "https", 400)]
    [InlineData("attacker.example", "https", 400)]
    public async Task Takes_forwarded_host_and_scheme_from_a_known_proxy_for_named_hosts_only(string host, string scheme, int status)
    {
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Kestrel = true,
            Options = options => (options.UseForwardedHeaders, options.Audience) = (true, "orders"),
            Services = services => services.Configure<ForwardedHeadersOptions>(options =>
            {
                options.ForwardedHeaders = ForwardedHeaders.XForwardedHost | ForwardedHeaders.XForwardedProto;
                options.AllowedHosts.Add("api.example.org");
            }),
            Pipeline = app => app.UseForwardedHeaders(),
        });
        string token = api.Issuer.Token("orders", api.Clock.UtcNow, api.Key.Thumbprint);

        string answer = await RawHttp.SendAsync(api.Port, "GET /orders HTTP/1.1", $"Authorization: DPoP {token}",
            $"DPoP: {For(api, "GET", $"{scheme}://{host}/orders", token)}", $"X-Forwarded-Host: {host}", $"X-Forwarded-Proto: {scheme}");

        RawHttp.Status(answer).ShouldBe(status);
    }

    // DPOP-V-21
    [Theory]
    // nginx as it is usually told to, HAProxy which hands Host on, Caddy which does both, Apache which appends to what the client sent.
    [InlineData("127.0.0.1", 200, "X-Forwarded-Proto: https", "X-Forwarded-Host: api.example.org", "X-Forwarded-For: 192.0.2.7", "X-Real-IP: 192.0.2.7")]
    [InlineData("127.0.0.1", 200, "Host: api.example.org", "X-Forwarded-Proto: https", "X-Forwarded-For: 203.0.113.1", "X-Forwarded-For: 192.0.2.7")]
    [InlineData("127.0.0.1", 200, "Host: api.example.org", "X-Forwarded-Host: api.example.org", "X-Forwarded-Proto: https", "X-Forwarded-For: 192.0.2.7")]
    [InlineData("127.0.0.1", 200, "X-Forwarded-Host: attacker.example, api.example.org", "X-Forwarded-Server: attacker.example, gw", "X-Forwarded-Proto: https")]
    [InlineData("127.0.0.1", 400, "X-Forwarded-Host: api.example.org, attacker.example", "X-Forwarded-Proto: https")]
    [InlineData("127.0.0.1", 400, "X-Forwarded-Host: attacker.example", "X-Forwarded-Proto: https")]
    // The scheme was not handed on, and then not by the proxy.
    [InlineData("127.0.0.1", 401, "X-Forwarded-Host: api.example.org")]
    [InlineData("127.0.0.2", 400, "X-Forwarded-Host: api.example.org", "X-Forwarded-Proto: https")]
    [InlineData("127.0.0.2", 401, "Host: api.example.org", "X-Forwarded-Proto: https")]
    public async Task Reads_forwarded_fields_as_each_proxy_writes_them_and_of_known_ones_only(string from, int status, params string[] lines)
    {
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Kestrel = true,
            Options = options => (options.UseForwardedHeaders, options.Audience) = (true, "orders"),
            Services = services => services.Configure<ForwardedHeadersOptions>(options =>
            {
                options.ForwardedHeaders = ForwardedHeaders.XForwardedHost | ForwardedHeaders.XForwardedProto;
                options.AllowedHosts.Add("api.example.org");
                options.KnownIPNetworks.Clear();
                options.KnownProxies.Clear();
                options.KnownProxies.Add(IPAddress.Loopback);
            }),
            Pipeline = app => app.UseForwardedHeaders(),
        });
        string token = api.Issuer.Token("orders", api.Clock.UtcNow, api.Key.Thumbprint);

        string answer = await RawHttp.SendAsync(new IPEndPoint(IPAddress.Loopback, api.Port), IPAddress.Parse(from), "GET /orders HTTP/1.0",
            [$"Authorization: DPoP {token}", $"DPoP: {For(api, "GET", "https://api.example.org/orders", token)}", .. lines]);

        RawHttp.Status(answer).ShouldBe(status);
    }

    // DPOP-RS-28
    [Fact]
    public async Task Checks_the_method_that_was_sent_not_the_one_it_was_overridden_with()
    {
        await using TestApi api = await TestApi.StartAsync(new() { Kestrel = true, Pipeline = app => app.UseHttpMethodOverride() });
        string token = api.BoundToken();
        Task<string> With(string htm) => RawHttp.SendAsync(api.Port, "POST /orders HTTP/1.1", $"Authorization: DPoP {token}", "Content-Length: 0",
            "X-HTTP-Method-Override: DELETE", $"DPoP: {For(api, htm, TestApi.Url + "/orders", token)}");

        RawHttp.Status(await With("POST")).ShouldBe(200);
        RawHttp.Status(await With("DELETE")).ShouldBe(401);
        api.Recorded.Failure.ShouldBe(VerificationFailure.MethodMismatch);
    }

    // DPOP-RS-28
    [Fact]
    public async Task Checks_the_path_that_was_sent_not_the_one_it_was_rewritten_to()
    {
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Pipeline = app => app.Use((context, next) =>
            {
                context.Request.Path = "/orders";
                return next(context);
            }),
        });
        string token = api.BoundToken();

        (await api.GetAsync("/alias", token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.GetAsync("/alias", token, api.Proof("GET", "/orders", token))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    // DPOP-RS-28
    [Theory]
    [InlineData("HEAD", "HEAD", HttpStatusCode.OK)]
    [InlineData("HEAD", "GET", HttpStatusCode.Unauthorized)]
    public async Task Tells_HEAD_from_GET(string method, string htm, HttpStatusCode status)
    {
        await using TestApi api = await TestApi.StartAsync();
        string token = api.BoundToken();

        HttpResponseMessage response = await api.SendAsync(new HttpMethod(method), "/orders", $"DPoP {token}", api.Proof(htm, "/orders", token).Sign());

        response.StatusCode.ShouldBe(status);
    }
}
