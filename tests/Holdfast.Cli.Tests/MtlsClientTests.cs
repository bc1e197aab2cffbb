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

    // MTLS-29, MTLS-30: the client with the key is not registered for certificates; the issuer binds to less than was asked for, or refuses.
    [Fact]
    public async Task Says_that_the_issuer_did_not_bind_the_token_as_asked()
    {
        string[] certificate = ["--cert", up.Document.MtlsCertificatePem!, "--cert-key", up.Document.MtlsKeyPem!];
        CliRun both = await CliRun.AsOf(up.Folder, ["token", "--json", "--binding", "both", .. certificate]);
        CliRun only = await CliRun.AsOf(up.Folder, ["token", "--json", .. certificate]);

        both.Code.ShouldBe(1, both.All);
        both.Error.ShouldContain("not bound to the certificate");
        both.Json.GetProperty("cnf").EnumerateObject().ShouldHaveSingleItem().Name.ShouldBe("jkt");
        only.Code.ShouldBe(1, only.All);
        only.Out.ShouldBeEmpty();
    }
}
