using FsCheck;
using FsCheck.Fluent;

namespace Holdfast.Core.Tests.Request;

/// <summary>What holds for every target.</summary>
public sealed class HtuProperties
{
    private const string Unreserved = "ABCXYZabcxyz0189-._~";
    private const string Reserved = "!$&'()*+,;=:@/";

    private static readonly Gen<string> Octet = Gen.OneOf(
        Gen.Elements(Unreserved.ToCharArray()).Select(c => c.ToString()),
        Gen.Elements("!$&'()*+,;=:@".ToCharArray()).Select(c => c.ToString()),
        Gen.Choose(0, 255).Select(o => $"%{o:X2}"),
        Gen.Elements("/", "/", "/.", "/..", "//"));

    private static readonly Gen<string> Path = Gen.ListOf(Octet).Select(octets => "/" + string.Concat(octets));

    private static readonly Gen<string> Host =
        Gen.Elements("a.example", "b-c.example", "localhost", "127.0.0.1", "[::1]", "xn--bcher-kva.example", "a.example.");

    private static readonly Gen<string> Url =
        from scheme in Gen.Elements("https", "http")
        from host in Host
        from port in Gen.Elements("", ":8443", ":1")
        from path in Path
        select $"{scheme}://{host}{port}{path}";

    private static readonly Gen<string> Noise = Gen.OneOf(
        Gen.ListOf(Gen.Choose(0, char.MaxValue).Select(c => ((char)c).ToString())).Select(string.Concat),
        Gen.ListOf(Gen.Elements("https://", "http://", "a", ".", "/", "..", "%", "%2", "%2E", "[", "]", ":", "::", "@", "?", "#", "é", "\\", " ", "\0", "9")).Select(string.Concat),
        Gen.ListOf(Gen.Elements(".", "/", "%", "%2E", "[", "]", ":", "::", "1", "@", "ü", "\u0308", "😀", "-", "xn--", "ß", "%ff")).Select(parts => "https://" + string.Concat(parts)));

    private static HttpTarget Parse(string uri)
    {
        HttpTarget.TryParse(uri, out HttpTarget target).ShouldBeTrue(uri);
        return target;
    }

    private static void ForAll<T>(Gen<T> generator, Action<T> holds) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_000), Prop.ForAll(generator.ToArbitrary(), value => { holds(value); return true; }));

    // DPOP-V-17
    [Fact]
    public void The_canonical_spelling_parses_to_itself() => ForAll(Url, url =>
    {
        HttpTarget target = Parse(url);
        Parse(target.Canonical).Canonical.ShouldBe(target.Canonical);
    });

    // DPOP-V-19
    [Fact]
    public void Nothing_throws_and_what_passes_is_canonical() => ForAll(Gen.Two(Noise), noise =>
    {
        if (HttpTarget.TryParse(noise.Item1.AsSpan(), out HttpTarget target))
            Parse(target.Canonical).ShouldBe(target);
        if (HttpTarget.TryCreate(noise.Item1, noise.Item2, out target) || HttpTarget.TryCreate("https://a.example", noise.Item2, out target))
            Parse(target.Canonical).ShouldBe(target);
        HttpTarget.Difference(target, Parse("https://a.example/"));
    });

    // DPOP-V-17
    [Fact]
    public void Equality_does_not_depend_on_the_case_of_hex_digits() => ForAll(Url, url =>
        Parse(LowerHex(url)).ShouldBe(Parse(url)));

    // DPOP-V-17
    [Fact]
    public void Equality_does_not_depend_on_a_default_port() =>
        ForAll(from host in Host from path in Path select (host, path), at =>
        {
            Parse($"https://{at.host}:443{at.path}").ShouldBe(Parse($"https://{at.host}{at.path}"));
            Parse($"http://{at.host}:80{at.path}").ShouldBe(Parse($"http://{at.host}:{at.path}"));
        });

    // DPOP-V-17
    [Fact]
    public void Equality_does_not_depend_on_encoded_unreserved_octets() =>
        ForAll(from path in Path from mask in Gen.ListOf(Gen.Elements(true, false)) select (path, mask: mask.ToArray()), at =>
        {
            int index = 0;
            string encoded = string.Concat(at.path.Select(c =>
                Unreserved.Contains(c) && at.path.IndexOf('%') < 0 && index < at.mask.Length && at.mask[index++] ? $"%{(int)c:x2}" : c.ToString()));
            Parse("https://a.example" + encoded).ShouldBe(Parse("https://a.example" + at.path));
        });

    // DPOP-V-20
    [Fact]
    public void Equality_does_not_depend_on_query_and_fragment() => ForAll(Url, url =>
        Parse(url + "?a=%2F#b").ShouldBe(Parse(url)));

    // DPOP-V-18
    [Fact]
    public void A_reserved_octet_never_equals_its_encoding() =>
        ForAll(from path in Path from reserved in Gen.Elements(Reserved.ToCharArray()) select (path, reserved), at =>
            Parse($"https://a.example{at.path}/a{at.reserved}b").ShouldNotBe(Parse($"https://a.example{at.path}/a%{(int)at.reserved:X2}b")));

    // DPOP-V-18
    [Fact]
    public void Paths_that_differ_in_case_or_in_a_last_slash_are_never_equal() => ForAll(Path, path =>
    {
        HttpTarget target = Parse($"https://a.example{path}/a");
        Parse($"https://a.example{path}/A").ShouldNotBe(target);
        Parse($"https://a.example{path}/a/").ShouldNotBe(target);
        Parse($"https://a.example{path}//a").ShouldNotBe(target);
    });

    private static string LowerHex(string url)
    {
        char[] chars = url.ToCharArray();
        for (int i = 0; i < chars.Length; i++)
        {
            if (chars[i] == '%')
                (chars[i + 1], chars[i + 2]) = (char.ToLowerInvariant(chars[i + 1]), char.ToLowerInvariant(chars[i + 2]));
        }
        return new(chars);
    }
}
