using FsCheck;
using FsCheck.Fluent;
using Holdfast.Guard.Internal;

namespace Holdfast.Guard.Tests.Routes;

/// <summary>How an upstream might read a path at its most generous.</summary>
public sealed class PathReadingTests
{
    private static readonly Gen<string> AnyPath = Gen.ListOf(Gen.Elements("a", "B", "/", "//", ".", "..", ";", "%", "%2f", "%2F", "%5c", "%2e", "%25", "%2525", "%00", "%zz", "\\", "?", "é")).Select(parts => "/" + string.Concat(parts));

    // FWD-64
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a/b", "/a/b")]
    [InlineData("/a/b/", "/a/b/")]
    [InlineData("/a%2fb", "/a/b")]
    [InlineData("/a%252fb", "/a/b")]
    [InlineData("/a%5c..%5cb", "/b")]
    [InlineData("//a///b", "/a/b")]
    [InlineData("/a/../../b", "/b")]
    [InlineData("/a/.", "/a/")]
    [InlineData("/a;x=1/b;y", "/a/b")]
    [InlineData("/x/..;/b", "/b")]
    [InlineData("/a%zz", "/a%zz")]
    [InlineData("/..", "/")]
    public void Reads_as_loosely_as_anybody_might(string path, string loosest) => PathReading.Loosest(path).ShouldBe(loosest);

    [Fact]
    public void Gives_up_on_escapes_without_end() => PathReading.Loosest("/%252525252541").ShouldBeNull();

    [Fact]
    public void Reading_twice_finds_nothing_new() => Check.QuickThrowOnFailure(Prop.ForAll(AnyPath.ToArbitrary(), path =>
        PathReading.Loosest(path) is not { } loosest || PathReading.Loosest(loosest) == loosest));

    [Fact]
    public void Nothing_is_left_that_could_be_read_otherwise() => Check.QuickThrowOnFailure(Prop.ForAll(AnyPath.ToArbitrary(), path =>
        PathReading.Loosest(path) is not { } loosest || (loosest.StartsWith('/') && !loosest.Contains("//") && !loosest.Contains('\\') && !loosest.Contains(';')
            && !loosest.Split('/').Any(segment => segment is "." or ".."))));
}
