namespace Holdfast.Core.Tests.Request;

/// <summary>The canonical spelling of a target, rule by rule.</summary>
public sealed class HtuTests
{
    private static string? Canonical(string uri) => HttpTarget.TryParse(uri.AsSpan(), out HttpTarget target) ? target.Canonical : null;

    // DPOP-V-17
    [Theory]
    [InlineData("https://api.example.com/orders/7", "https://api.example.com/orders/7")]
    [InlineData("HTTPS://API.Example.COM/orders", "https://api.example.com/orders")]
    [InlineData("Http://LOCALHOST:8080/", "http://localhost:8080/")]
    public void Lower_cases_scheme_and_host(string uri, string canonical) => Canonical(uri).ShouldBe(canonical);

    // DPOP-V-17, D1
    [Theory]
    [InlineData("https://a.example:443/x", "https://a.example/x")]
    [InlineData("https://a.example:/x", "https://a.example/x")]
    [InlineData("https://a.example:0443/x", "https://a.example/x")]
    [InlineData("http://a.example:80/x", "http://a.example/x")]
    [InlineData("https://a.example:80/x", "https://a.example:80/x")]
    [InlineData("http://a.example:443/x", "http://a.example:443/x")]
    [InlineData("https://a.example:08443/x", "https://a.example:8443/x")]
    [InlineData("https://a.example:65535/x", "https://a.example:65535/x")]
    [InlineData("https://a.example:0/x", "https://a.example:0/x")]
    [InlineData("https://[::1]:443/x", "https://[::1]/x")]
    public void Drops_the_default_port_and_an_empty_one(string uri, string canonical) => Canonical(uri).ShouldBe(canonical);

    // DPOP-V-17, D3
    [Theory]
    [InlineData("https://a.example/caf%c3%a9", "https://a.example/caf%C3%A9")]
    [InlineData("https://a.example/%7euser/%41%2d%5f%2E%39", "https://a.example/~user/A-_.9")]
    [InlineData("https://a.example/a%40b", "https://a.example/a%40b")]
    [InlineData("https://a.example/a@b", "https://a.example/a@b")]
    [InlineData("https://a.example/a%2fb%3f%23", "https://a.example/a%2Fb%3F%23")]
    [InlineData("https://a.example/%00%ff%C0%80", "https://a.example/%00%FF%C0%80")]
    [InlineData("https://a.example/%2525", "https://a.example/%2525")]
    public void Decodes_unreserved_octets_only_and_upper_cases_the_rest(string uri, string canonical) => Canonical(uri).ShouldBe(canonical);

    // DPOP-V-17
    [Theory]
    [InlineData("https://a.example/a/./b/../c", "https://a.example/a/c")]
    [InlineData("https://a.example/a/b/..", "https://a.example/a/")]
    [InlineData("https://a.example/a/.", "https://a.example/a/")]
    [InlineData("https://a.example/..", "https://a.example/")]
    [InlineData("https://a.example/.", "https://a.example/")]
    [InlineData("https://a.example/../../a", "https://a.example/a")]
    [InlineData("https://a.example/a/%2E%2e/b", "https://a.example/b")]
    [InlineData("https://a.example/a/.%2e/%2E/b", "https://a.example/b")]
    [InlineData("https://a.example/a//../b", "https://a.example/a/b")]
    [InlineData("https://a.example/a/.../b", "https://a.example/a/.../b")]
    [InlineData("https://a.example/a/..b/.c", "https://a.example/a/..b/.c")]
    [InlineData("https://a.example/a/%2f../b", "https://a.example/a/%2F../b")]
    public void Decodes_first_and_removes_dot_segments_then(string uri, string canonical) => Canonical(uri).ShouldBe(canonical);

    // DPOP-V-17, D4
    [Theory]
    [InlineData("https://a.example")]
    [InlineData("https://a.example/")]
    [InlineData("https://a.example?x=1")]
    [InlineData("https://a.example#top")]
    public void An_empty_path_is_a_slash(string uri) => Canonical(uri).ShouldBe("https://a.example/");

    // DPOP-V-18, D2, D3, D4
    [Theory]
    [InlineData("https://a.example/Admin", "https://a.example/admin")]
    [InlineData("https://a.example/a/", "https://a.example/a")]
    [InlineData("https://a.example/a//b", "https://a.example/a/b")]
    [InlineData("https://a.example/a%2Fb", "https://a.example/a/b")]
    [InlineData("https://a.example/a%3Fb", "https://a.example/a?b")]
    [InlineData("https://a.example/a%23b", "https://a.example/a#b")]
    [InlineData("https://a.example/a%26b", "https://a.example/a&b")]
    [InlineData("https://a.example/a%5Bb", "https://a.example/a[b")]
    [InlineData("https://a.example/a+b", "https://a.example/a%20b")]
    [InlineData("https://a.example/a%2520b", "https://a.example/a%20b")]
    [InlineData("https://a.example./a", "https://a.example/a")]
    [InlineData("https://a.example:8443/a", "https://a.example/a")]
    [InlineData("http://a.example/a", "https://a.example/a")]
    [InlineData("http://127.0.0.1/", "http://0177.0.0.1/")]
    [InlineData("http://127.0.0.1/", "http://127.1/")]
    [InlineData("http://127.0.0.1/", "http://0x7f000001/")]
    [InlineData("http://127.0.0.1/", "http://2130706433/")]
    [InlineData("http://[::ffff:127.0.0.1]/", "http://127.0.0.1/")]
    public void Keeps_apart_what_may_name_different_things(string one, string other)
    {
        Canonical(one).ShouldNotBeNull();
        Canonical(other).ShouldNotBeNull();
        Canonical(one).ShouldNotBe(Canonical(other));
    }

    // DPOP-V-20, D5
    [Theory]
    [InlineData("https://a.example/x?a=1&b=%20")]
    [InlineData("https://a.example/x#part")]
    [InlineData("https://a.example/x?#")]
    [InlineData("https://a.example/x?a=/../b#c?d")]
    public void Drops_query_and_fragment(string uri) => Canonical(uri).ShouldBe("https://a.example/x");

    // DPOP-V-19
    [Theory]
    [InlineData("")]
    [InlineData("/orders")]
    [InlineData("//a.example/orders")]
    [InlineData("orders")]
    [InlineData("*")]
    [InlineData("a.example/orders")]
    [InlineData("a.example:443")]
    [InlineData("https:/a.example/")]
    [InlineData("https:a.example/")]
    [InlineData("https//a.example/")]
    [InlineData("ftp://a.example/")]
    [InlineData("wss://a.example/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("urn:example:a")]
    [InlineData("javascript://a.example/")]
    public void Refuses_what_is_not_an_absolute_http_uri(string uri) => Canonical(uri).ShouldBeNull();

    // DPOP-V-19
    [Theory]
    [InlineData("https://user@a.example/")]
    [InlineData("https://user:secret@a.example/")]
    [InlineData("https://@a.example/")]
    [InlineData("https://a.example@b.example/")]
    [InlineData("https://a.example:443@b.example/")]
    [InlineData("https://a@[::1]/")]
    public void Refuses_userinfo(string uri) => Canonical(uri).ShouldBeNull();

    // DPOP-V-19
    [Theory]
    [InlineData("https:///x")]
    [InlineData("https://")]
    [InlineData("https://:443/x")]
    [InlineData("https://?x")]
    [InlineData("https://./x")]
    [InlineData("https://.a.example/x")]
    [InlineData("https://a..example/x")]
    [InlineData("https://a.example../x")]
    [InlineData("https://a%2Eexample/x")]
    [InlineData("https://%61.example/x")]
    [InlineData("https://a!b.example/x")]
    [InlineData("https://a,b.example/x")]
    [InlineData("https://a b.example/x")]
    [InlineData("https://a.example:port/x")]
    [InlineData("https://a.example:65536/x")]
    [InlineData("https://a.example:100000/x")]
    [InlineData("https://a.example:-1/x")]
    [InlineData("https://a.example:+443/x")]
    [InlineData("https://a.example: 443/x")]
    [InlineData("https://a.example:443:443/x")]
    [InlineData("https://a.example:４４３/x")]
    public void Refuses_a_host_or_port_that_cannot_be_one(string uri) => Canonical(uri).ShouldBeNull();

    // DPOP-V-19
    [Theory]
    [InlineData("https://[2001:DB8:0:0:0:0:0:1]/", "https://[2001:db8::1]/")]
    [InlineData("https://[0:0:0:0:0:0:0:0]:8443/", "https://[::]:8443/")]
    [InlineData("https://[::FFFF:192.0.2.1]/", "https://[::ffff:192.0.2.1]/")]
    [InlineData("https://[::ffff:c000:201]/", "https://[::ffff:192.0.2.1]/")]
    public void Writes_ipv6_literals_in_one_form(string uri, string canonical) => Canonical(uri).ShouldBe(canonical);

    // DPOP-V-19
    [Theory]
    [InlineData("https://::1/")]
    [InlineData("https://[::1/")]
    [InlineData("https://::1]/")]
    [InlineData("https://[]/")]
    [InlineData("https://[::1%25eth0]/")]
    [InlineData("https://[::1%eth0]/")]
    [InlineData("https://[::g]/")]
    [InlineData("https://[1:2:3]/")]
    [InlineData("https://[1::2::3]/")]
    [InlineData("https://[127.0.0.1]/")]
    [InlineData("https://[v1.fe80]/")]
    [InlineData("https://[[::1]]/")]
    [InlineData("https://[::1]a/")]
    [InlineData("https://a[::1]/")]
    [InlineData("https://[::1]:[::1]/")]
    public void Refuses_broken_ipv6_literals(string uri) => Canonical(uri).ShouldBeNull();

    // DPOP-V-19, D6
    [Theory]
    [InlineData("https://bücher.example/x", "https://xn--bcher-kva.example/x")]
    [InlineData("https://bücher.EXAMPLE/x", "https://xn--bcher-kva.example/x")]
    [InlineData("https://例え.テスト/", "https://xn--r8jz45g.xn--zckzah/")]
    [InlineData("https://XN--BCHER-KVA.example/", "https://xn--bcher-kva.example/")]
    public void Compares_international_hosts_as_a_labels(string uri, string canonical) => Canonical(uri).ShouldBe(canonical);

    // DPOP-V-19, D6
    [Theory]
    [InlineData("https://BÜCHER.example/")]
    [InlineData("https://a。example/")]
    [InlineData("https://a.example／x")]
    [InlineData("https://a\u2044b.example/")]
    [InlineData("https://a\u200Db.example/")]
    [InlineData("https://ü_.example/")]
    [InlineData("https://-ü.example/")]
    [InlineData("https://\uD800.example/")]
    [InlineData("https://😀.example/")]
    public void Refuses_international_hosts_that_would_have_to_be_mapped_first(string uri) => Canonical(uri).ShouldBeNull();

    // DPOP-V-19, D6
    [Fact]
    public void A_full_width_host_never_becomes_the_host_it_looks_like() =>
        Canonical("https://\uFF41.example/").ShouldNotBe("https://a.example/");

    // DPOP-V-19
    [Fact]
    public void Refuses_every_character_that_a_uri_may_not_hold()
    {
        const string Legal = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/[]";
        for (int c = 0; c <= char.MaxValue; c++)
        {
            if ((char)c is '%' or '?' or '#')
                continue;
            bool legal = Legal.Contains((char)c, StringComparison.Ordinal);
            HttpTarget.TryParse($"https://a.example/x{(char)c}y", out _).ShouldBe(legal, $"in the path, U+{c:X4}");
            HttpTarget.TryParse($"https://a.example/x?{(char)c}", out _).ShouldBe(legal, $"in the query, U+{c:X4}");
            HttpTarget.TryParse($"https://a.example/x#{(char)c}", out _).ShouldBe(legal, $"in the fragment, U+{c:X4}");
            HttpTarget.TryCreate("https://a.example", $"/x{(char)c}y", out _).ShouldBe(legal, $"in the raw path, U+{c:X4}");
        }
    }

    // DPOP-V-18: nothing is trimmed.
    [Theory]
    [InlineData(" https://a.example/x")]
    [InlineData("https://a.example/x ")]
    [InlineData("\thttps://a.example/x")]
    [InlineData("https://a.example/x\r\n")]
    [InlineData("https://a.example/x\0")]
    [InlineData("https://a.example\\x")]
    [InlineData("https:\\\\a.example/x")]
    public void Refuses_rather_than_repairs(string uri) => Canonical(uri).ShouldBeNull();

    // DPOP-V-19
    [Theory]
    [InlineData("https://a.example/%")]
    [InlineData("https://a.example/%2")]
    [InlineData("https://a.example/%zz")]
    [InlineData("https://a.example/%2g")]
    [InlineData("https://a.example/%%41")]
    [InlineData("https://a.example/%u0041")]
    [InlineData("https://a.example/x?%")]
    [InlineData("https://a.example/x?a%20b%4")]
    [InlineData("https://a.example/x#%q1")]
    [InlineData("https://a.example/x#a#b")]
    public void Refuses_broken_escapes_and_a_second_fragment(string uri) => Canonical(uri).ShouldBeNull();

    [Fact]
    public void Refuses_a_target_longer_than_the_limit_and_not_one_of_its_length()
    {
        string longest = "https://a.example/" + new string('x', HttpTarget.MaxLength - 18);
        Canonical(longest).ShouldBe(longest);
        Canonical(longest + "x").ShouldBeNull();
        Canonical(longest + "?" + new string('q', 100)).ShouldBe(longest);
        Canonical("https://a.example/x?" + new string('q', 10_000)).ShouldBe("https://a.example/x");
    }

    [Fact]
    public void Keeps_the_string_that_is_canonical_already()
    {
        string uri = new("https://api.example.com/orders/7".ToCharArray());
        HttpTarget.TryParse(uri, out HttpTarget target).ShouldBeTrue();
        target.Canonical.ShouldBeSameAs(uri);
        HttpTarget.TryParse((string?)null, out _).ShouldBeFalse();
    }

    [Fact]
    public void The_default_value_equals_no_target()
    {
        default(HttpTarget).Canonical.ShouldBe("");
        HttpTarget.TryParse("https://a.example/", out HttpTarget target).ShouldBeTrue();
        target.ShouldNotBe(default);
    }
}
