namespace Holdfast.Cli.Tests;

[Collection(RunningUp.Name)]
public sealed class MtlsClientTests(UpFixture up)
{
    // MTLS-18, MTLS-22, MTLS-23
    [Theory]
    [InlineData("certificate", "Bearer", "x5t#S256")]
    [InlineData("both", "DPoP", "jkt,x5t#S256")]
    public async Task Gets_a_token_of_up_by_certificate_and_uses_it(string binding, string type, string members)
    {
        CliRun token = await CliRun.AsOf(up.Folder, "token", "--mtls", "--binding", binding, "--json");
        CliRun call = await CliRun.AsOf(up.Folder, "call", "GET", "/orders", "--mtls", "--binding", binding);

        token.Code.ShouldBe(0, token.All);
        token.Json.GetProperty("token_type").GetString().ShouldBe(type);
        // What the client says that it is bound to, and what the issuer wrote into it.
        foreach (var cnf in new[] { token.Json.GetProperty("cnf"), token.Json.GetProperty("claims").GetProperty("cnf") })
            cnf.EnumerateObject().Select(member => member.Name).Order().ShouldBe(members.Split(','));
        token.Json.GetProperty("claims").GetProperty("client_id").GetString().ShouldBe(up.Document.MtlsClientId);
        call.Code.ShouldBe(0, call.All);
        call.Json.GetProperty("orders").GetArrayLength().ShouldBeGreaterThan(0);
    }

    // MTLS-31, MTLS-37: the client with the key, its token bound to a certificate.
    [Fact]
    public async Task Binds_the_token_of_a_client_with_a_key_to_a_certificate()
    {
        string[] certificate = ["--cert", up.Document.MtlsCertificatePem!, "--cert-key", up.Document.MtlsKeyPem!, "--binding", "both"];
        CliRun token = await CliRun.AsOf(up.Folder, ["token", "--json", .. certificate]);
        CliRun call = await CliRun.AsOf(up.Folder, ["call", "GET", $"{up.Document.MtlsResource}/orders", .. certificate]);

        token.Code.ShouldBe(0, token.All);
        token.Json.GetProperty("claims").GetProperty("client_id").GetString().ShouldBe(up.Document.ClientId);
        token.Json.GetProperty("claims").GetProperty("cnf").EnumerateObject().Count().ShouldBe(2);
        call.Code.ShouldBe(0, call.All);
    }
}
