using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Holdfast.Core.Tests;

public class StrictJsonTests
{
    private static readonly string[] Scraps =
    [
        "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"\\u0061\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "1", "-0.5e3", "01", "true", "null", " ",
        "{\"a\":1}", "{\"a\":1,\"b\":[{\"a\":2}]}", "\"a\":", "\"b\":", "\"c\":{\"a\":0}", "\u00e9", "\ufeff", "//",
    ];

    private static readonly string[] Members =
    [
        "\"a\":1", "\"b\":[1,{\"a\":2}]", "\"\\u0061\":2", "\"c\":{\"a\":0,\"b\":{}}", "\"d\":\"\\ud83d\\ude00\"", "\"e\":\"\\ud83d\"", "\"f\":null", "\"\":-0.5e3",
        "\"g\":01", "\"h\":{\"a\":1,\"a\":1}", "\"\u00e9\":true",
    ];

    private static JsonFault Check(string text) => StrictJson.Check(Encoding.UTF8.GetBytes(text));

    // DPOP-V-33: agrees with the base class library's strictest reading, and never throws, whatever is put together.
    [Fact]
    public void Accepts_exactly_what_a_strict_document_reader_accepts()
    {
        Gen<string> texts = Gen.Elements(Scraps).ArrayOf(9).Select(parts => string.Concat(parts));
        Gen<string> objects = Gen.Elements(Members).ArrayOf(3).Select(parts => "{" + string.Join(",", parts) + "}");
        Prop.ForAll(Gen.OneOf(texts, objects).ToArbitrary(), text => (Check(text) == JsonFault.None) == IsStrictObject(text))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }

    [Fact]
    public void Never_throws_on_arbitrary_octets() =>
        Prop.ForAll<byte[]>(bytes => Enum.IsDefined(StrictJson.Check(bytes))).QuickCheckThrowOnFailure();

    // DPOP-V-33
    [Fact]
    public void Bounds_the_depth_exactly()
    {
        static string Nested(int depth) => "{\"a\":" + new string('[', depth - 1) + new string(']', depth - 1) + "}";
        Check(Nested(StrictJson.MaxDepth)).ShouldBe(JsonFault.None);
        Check(Nested(StrictJson.MaxDepth + 1)).ShouldBe(JsonFault.Malformed);
    }

    // DPOP-V-33
    [Fact]
    public void Bounds_the_members_exactly()
    {
        static string Wide(int members) => "{" + string.Join(",", Enumerable.Range(0, members).Select(i => $"\"m{i}\":0")) + "}";
        Check(Wide(StrictJson.MaxMembers)).ShouldBe(JsonFault.None);
        Check(Wide(StrictJson.MaxMembers + 1)).ShouldBe(JsonFault.Malformed);
    }

    [Theory]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"a\":1,\"\\u0061\":2}")]
    [InlineData("{\"x\":{\"y\":[{\"a\":1,\"b\":2,\"a\":3}]}}")]
    [InlineData("{\"x\":{\"a\":1},\"x\":2}")]
    public void Finds_a_name_that_occurs_twice_in_one_object(string text) => Check(text).ShouldBe(JsonFault.Duplicate);

    [Theory]
    [InlineData("{\"a\":{\"a\":{\"a\":1}}}")]
    [InlineData("{\"x\":[{\"a\":1},{\"a\":1}],\"a\":2}")]
    [InlineData("{\"a\":1,\"A\":2}")]
    public void Lets_a_name_occur_once_in_each_object(string text) => Check(text).ShouldBe(JsonFault.None);

    private static bool IsStrictObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = StrictJson.MaxDepth });
            return document.RootElement.ValueKind == JsonValueKind.Object && IsDecodable(document.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    // An escaped half of a surrogate pair is found only when the string is asked for.
    private static bool IsDecodable(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString() is not null,
        JsonValueKind.Object => element.EnumerateObject().All(member => member.Name is not null && IsDecodable(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().All(IsDecodable),
        _ => true,
    };
}
