namespace Holdfast.Core.Tests.Request;

/// <summary>The target as the server knows it: a declared origin and a raw path.</summary>
public sealed class PublicTargetTests
{
    // DPOP-V-21
    [Theory]
    [InlineData("https://api.example.com", "/orders/7", "https://api.example.com/orders/7")]
    [InlineData("HTTPS://API.example.com:443", "/orders", "https://api.example.com/orders")]
    [InlineData("http://localhost:7101", "/", "http://localhost:7101/")]
    [InlineData("https://api.example.com", "", "https://api.example.com/")]
    [InlineData("https://api.example.com", "?a=1", "https://api.example.com/")]
    [InlineData("https://api.example.com", "/a%2fb/%7e/../c", "https://api.example.com/a%2Fb/c")]
    [InlineData("https://[::1]:8443", "/a", "https://[::1]:8443/a")]
    [InlineData("https://api.example.com", "//evil.example/x", "https://api.example.com//evil.example/x")]
    [InlineData("https://api.example.com", "/@evil.example", "https://api.example.com/@evil.example")]
    public void Joins_an_origin_and_a_raw_path(string origin, string path, string canonical)
    {
        HttpTarget.TryCreate(origin, path, out HttpTarget target).ShouldBeTrue();
        target.Canonical.ShouldBe(canonical);
    }

    // DPOP-V-09: what browsers leave raw in a query does not matter.
    [Theory]
    [InlineData("/orders?filter[state]=open")]
    [InlineData("/orders?q=100%&r={a|b}^`\\")]
    [InlineData("/orders?a=?b")]
    [InlineData("/orders?")]
    public void Drops_the_query_of_a_request_line(string rawPath)
    {
        HttpTarget.TryCreate("https://api.example.com", rawPath, out HttpTarget target).ShouldBeTrue();
        target.Canonical.ShouldBe("https://api.example.com/orders");
    }

    // DPOP-V-19, DPOP-V-21
    [Theory]
    [InlineData("https://api.example.com", "*")]
    [InlineData("https://api.example.com", "https://evil.example/x")]
    [InlineData("https://api.example.com", "orders")]
    [InlineData("https://api.example.com", "/a#b")]
    [InlineData("https://api.example.com", "/a?b#c")]
    [InlineData("https://api.example.com", "/a b")]
    [InlineData("https://api.example.com", "/a\\b")]
    [InlineData("https://api.example.com", "/a%2")]
    [InlineData("https://api.example.com", "/é")]
    [InlineData("https://api.example.com", "/a?b c")]
    [InlineData("https://api.example.com", "/a?é")]
    [InlineData("https://api.example.com", "/a?\r\n")]
    [InlineData("https://api.example.com/", "/a")]
    [InlineData("https://api.example.com/base", "/a")]
    [InlineData("https://api.example.com?", "/a")]
    [InlineData("https://api.example.com#", "/a")]
    [InlineData("https://user@api.example.com", "/a")]
    [InlineData("api.example.com", "/a")]
    [InlineData("ftp://api.example.com", "/a")]
    [InlineData("", "/a")]
    public void Refuses_anything_else(string origin, string path) => HttpTarget.TryCreate(origin, path, out _).ShouldBeFalse();

    // DPOP-V-09
    [Theory]
    [InlineData("https://a.example/x", "https://a.example/x", null)]
    [InlineData("https://a.example/x", "http://a.example/x", "scheme")]
    [InlineData("https://a.example/x", "https://b.example/x", "host")]
    [InlineData("https://a.example/x", "https://a.example./x", "host")]
    [InlineData("https://a.example/x", "https://a.example:8443/x", "port")]
    [InlineData("https://[::1]:1/x", "https://[::1]:2/x", "port")]
    [InlineData("https://[::1]/x", "https://[::2]/x", "host")]
    [InlineData("https://a.example/Orders", "https://a.example/orders", "path case")]
    [InlineData("https://a.example/orders/", "https://a.example/orders", "trailing slash")]
    [InlineData("https://a.example/orders", "https://a.example/orders/", "trailing slash")]
    [InlineData("https://a.example/api/orders", "https://a.example/orders", "path prefix")]
    [InlineData("https://a.example/orders", "https://a.example/api/orders", "path prefix")]
    [InlineData("https://a.example/a%2Fb", "https://a.example/a/b", "percent-encoding")]
    [InlineData("https://a.example/a%40b", "https://a.example/a%2540b", "percent-encoding")]
    [InlineData("https://a.example/orders/7", "https://a.example/orders/8", "path")]
    public void Names_the_first_component_that_differs(string expected, string seen, string? component)
    {
        HttpTarget.TryParse(expected, out HttpTarget one).ShouldBeTrue();
        HttpTarget.TryParse(seen, out HttpTarget other).ShouldBeTrue();
        HttpTarget.Difference(one, other).ShouldBe(component);
        HttpTarget.Difference(default, other).ShouldBe("scheme");
    }
}
