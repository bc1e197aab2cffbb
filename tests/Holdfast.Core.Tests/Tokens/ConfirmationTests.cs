using System.Text;

namespace Holdfast.Core.Tests;

public class ConfirmationTests
{
    private const string Hash = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

    [Fact]
    public void Reads_both_members()
    {
        Confirmation.TryParse(Encoding.UTF8.GetBytes($$"""{"jkt":"{{Hash}}","x5t#S256":"{{Hash}}"}"""), out Confirmation confirmation, out _).ShouldBeTrue();
        confirmation.Jkt.ToString().ShouldBe(Hash);
        confirmation.X5tS256.ToString().ShouldBe(Hash);
    }

    // DPOP-RS-23
    [Theory]
    [InlineData("{}", VerificationFailure.ConfirmationMalformed)]
    [InlineData("[]", VerificationFailure.ConfirmationMalformed)]
    [InlineData("null", VerificationFailure.ConfirmationMalformed)]
    [InlineData("\"jkt\"", VerificationFailure.ConfirmationMalformed)]
    [InlineData("{\"jkt\":null}", VerificationFailure.ConfirmationMalformed)]
    [InlineData("{\"jkt\":\"short\"}", VerificationFailure.ConfirmationMalformed)]
    [InlineData("{\"jkt\":\"" + Hash + "=\"}", VerificationFailure.ConfirmationMalformed)]
    [InlineData("{\"jkt\":\"" + Hash + "\",\"jkt\":\"" + Hash + "\"}", VerificationFailure.ConfirmationMalformed)]
    [InlineData("{\"jkt\":\"" + Hash + "\",\"kid\":\"x\"}", VerificationFailure.ConfirmationUnsupported)]
    [InlineData("{\"jwk\":{}}", VerificationFailure.ConfirmationUnsupported)]
    [InlineData("{\"JKT\":\"" + Hash + "\"}", VerificationFailure.ConfirmationUnsupported)]
    public void Fails_closed(string json, VerificationFailure expected)
    {
        Confirmation.TryParse(Encoding.UTF8.GetBytes(json), out Confirmation confirmation, out VerificationFailure failure).ShouldBeFalse();
        failure.ShouldBe(expected);
        confirmation.IsBound.ShouldBeFalse();
    }
}
