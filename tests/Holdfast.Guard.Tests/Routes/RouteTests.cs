namespace Holdfast.Guard.Tests.Routes;

/// <summary>Which policy decides about a request.</summary>
public sealed class RouteTests(RouteTests.Shared shared) : IClassFixture<RouteTests.Shared>
{
    private const string TwoRoutes = """
        routes:
          - origin: https://api.example.com
            resource: orders
            upstream: everything
          - origin: https://api.example.com
            path: /admin
            methods: [GET, DELETE]
            resource: orders
            scopes: [orders.write]
            upstream: admin
          - origin: https://api.example.com
            path: /admin
            methods: [POST]
            resource: orders
            scopes: [admin]
            upstream: admin-writes
          - origin: http://internal.example.com:8080
            resource: orders
            upstream: inner
            public_origins:
              - url: https://api.example.com/orders-service
          - origin: https://added.example.com
            resource: orders
            upstream: added
            public_origins:
              - { url: https://api.example.com, strip_prefix: /internal }
        """;

    private TestGuard Guard => shared.Guard;

    [Theory]
    [InlineData("GET", "/", "everything")]
    [InlineData("GET", "/orders/7?x=/admin", "everything")]
    [InlineData("GET", "/administrators", "everything")]
    [InlineData("GET", "/admin", "admin")]
    [InlineData("DELETE", "/admin/", "admin")]
    [InlineData("GET", "/admin/users", "admin")]
    [InlineData("GET", "/admin/a%2Fb", "admin")]
    public async Task The_longest_path_decides(string method, string path, string upstream)
    {
        GuardAnswer answer = await Guard.AskAsHonestAsync(method, path);
        answer.Status.ShouldBe(200, answer.ToString());
        ReadContext.Parse(answer.Context).String("aud").ShouldBe(upstream);
    }

    [Fact]
    public async Task A_method_may_have_a_route_of_its_own() => (await Guard.AskAsHonestAsync("POST", "/admin")).Failure.ShouldBe("scope_insufficient");

    // A method that the longest path does not name is refused: the shorter path's policy was not written for it.
    [Fact]
    public async Task Never_falls_back_to_a_shorter_path() => (await Guard.AskAsHonestAsync("PUT", "/admin")).Failure.ShouldBe("route_unknown");

    // FWD-64: nobody behind the guard may read another route's path in what was let through.
    [Theory]
    [InlineData("/orders/..%2fadmin")]
    [InlineData("/orders/%2e%2e%2fadmin")]
    [InlineData("/orders/..%5cadmin")]
    [InlineData("/%61dmin%2fusers")]
    [InlineData("/orders/..%252fadmin")]
    [InlineData("//admin")]
    [InlineData("/ADMIN")]
    [InlineData("/Admin/users")]
    [InlineData("/admin;v=1/users")]
    [InlineData("/x/..;/admin")]
    [InlineData("/admin/..%2forders")]
    [InlineData("/%2561dmin")]
    [InlineData("/%25252561dmin")]
    [InlineData("/x//../admin/users")]
    [InlineData("/admin/x%2Fy/../../orders")]
    [InlineData("/orders/../admin")]
    [InlineData("/orders/./x")]
    [InlineData("/orders/%2e/x")]
    [InlineData("/orders/x/..")]
    public async Task Refuses_a_path_that_could_mean_another_route(string path)
    {
        GuardAnswer answer = await Guard.AskAsHonestAsync("GET", path);
        answer.Failure.ShouldBe("route_unknown", answer.ToString());
    }

    // RFC 3986 §6.2.2: escapes of unreserved octets are no other path.
    [Theory]
    [InlineData("/%61dmin", "/admin")]
    public async Task Decides_by_the_canonical_path(string sent, string canonical)
    {
        GuardAnswer answer = await Guard.AskNginxAsync("GET", sent, Guard.Credentials("GET", canonical));
        ReadContext.Parse(answer.Context).String("aud").ShouldBe("admin");
    }

    [Theory]
    [InlineData("other.example.com", "https")]
    [InlineData("api.example.com", "http")]
    [InlineData("api.example.com:8443", "https")]
    [InlineData("api.example.com.", "https")]
    public async Task Refuses_an_origin_that_has_no_routes(string host, string scheme)
    {
        GuardAnswer answer = await Guard.AskAsync("/authorize/nginx", [.. TestGuard.NginxLines(host: host, scheme: scheme), .. Guard.Credentials("GET", "/orders")]);
        answer.Failure.ShouldBe("route_unknown");
        answer.Meant.ShouldBe(403);
    }

    [Theory]
    [InlineData("API.Example.COM", "HTTPS")]
    [InlineData("api.example.com:443", "https")]
    public async Task An_origin_is_the_same_however_it_is_spelled(string host, string scheme) =>
        (await Guard.AskAsync("/authorize/nginx", [.. TestGuard.NginxLines(host: host, scheme: scheme), .. Guard.Credentials("GET", "/orders")])).Status.ShouldBe(200);

    // DPOP-V-21: TLS ended before this proxy, which sees another host and a shorter path.
    [Fact]
    public async Task Compares_with_the_public_url_that_is_declared()
    {
        string token = Guard.BoundToken();
        string[] lines = TestGuard.NginxLines(host: "internal.example.com:8080", scheme: "http", uri: "/7?x=1");
        string inner = new TestProof(Guard.Key, "GET", "http://internal.example.com:8080/7", Guard.Clock.UtcNow, token).Sign();
        string outer = new TestProof(Guard.Key, "GET", "https://api.example.com/orders-service/7", Guard.Clock.UtcNow, token).Sign();

        (await Guard.AskAsync("/authorize/nginx", [.. lines, $"Authorization: DPoP {token}", $"DPoP: {inner}"])).Failure.ShouldBe("target_mismatch");
        GuardAnswer answer = await Guard.AskAsync("/authorize/nginx", [.. lines, $"Authorization: DPoP {token}", $"DPoP: {outer}"]);
        answer.Status.ShouldBe(200, answer.ToString());
        ReadContext.Parse(answer.Context).String("htu").ShouldBe("https://api.example.com/orders-service/7");
        ReadContext.Parse(answer.Context).String("path").ShouldBe("/7");
    }

    [Fact]
    public async Task Refuses_a_path_without_the_prefix_that_is_declared()
    {
        string[] lines = TestGuard.NginxLines(host: "added.example.com", uri: "/orders");
        (await Guard.AskAsync("/authorize/nginx", [.. lines, .. Guard.Credentials("GET", "/orders")])).Failure.ShouldBe("target_unknown");
        lines = TestGuard.NginxLines(host: "added.example.com", uri: "/internal/orders");
        (await Guard.AskAsync("/authorize/nginx", [.. lines, .. Guard.Credentials("GET", "/orders")])).Status.ShouldBe(200);
    }

    public sealed class Shared : IAsyncLifetime
    {
        internal TestGuard Guard { get; private set; } = null!;

        public async Task InitializeAsync() => Guard = await TestGuard.StartAsync(yaml => yaml[..yaml.IndexOf("routes:", StringComparison.Ordinal)] + TwoRoutes + "\nnonces: on-demand");

        public async Task DisposeAsync() => await Guard.DisposeAsync();
    }
}
