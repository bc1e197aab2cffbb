using System.Buffers.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Holdfast.Core.Tests;

public class StrictBase64UrlTests
{
    private static bool TryDecode(string text, out byte[] bytes)
    {
        byte[] buffer = new byte[StrictBase64Url.DecodedLength(text.Length) + 4];
        bool decoded = StrictBase64Url.TryDecode(text, buffer, out int written);
        bytes = buffer[..written];
        return decoded;
    }

    [Fact]
    public void Decodes_what_was_encoded() =>
        Prop.ForAll<byte[]>(bytes => TryDecode(Base64Url.EncodeToString(bytes), out byte[] decoded) && decoded.SequenceEqual(bytes)).QuickCheckThrowOnFailure();

    [Fact]
    public void Accepts_one_spelling_of_each_value_and_never_throws() =>
        Prop.ForAll<NonNull<string>>(text => !TryDecode(text.Get, out byte[] bytes) || Base64Url.EncodeToString(bytes) == text.Get)
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("A")]
    [InlineData("AB")]
    [InlineData("AAB")]
    [InlineData("AA==")]
    [InlineData("AA=")]
    [InlineData("A A")]
    [InlineData("AA\n")]
    [InlineData("++++")]
    [InlineData("////")]
    [InlineData("AAA\u00e9")]
    public void Refuses(string text) => TryDecode(text, out _).ShouldBeFalse();

    [Fact]
    public void Refuses_a_destination_that_is_too_small() => StrictBase64Url.TryDecode("AAAA", new byte[2], out _).ShouldBeFalse();
}
