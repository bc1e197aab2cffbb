using System.Text.Json;
using Holdfast.Cli.Up;

namespace Holdfast.Cli.Tests;

[Collection(RunningUp.Name)]
public sealed class TokenCommandTests(UpFixture up)
{
    [Fact]
    public async Task Prints_what_the_token_says_and_never_the_token()
    {
        CliRun run = await CliRun.AsOf(up.Folder, "token");

        run.Code.ShouldBe(0, run.All);
        run.Out.ShouldContain($"iss        {up.Document.Issuer}");
        run.Out.ShouldContain("client_id  orders-client");
        run.Out.ShouldContain("typ        at+jwt");
        run.Out.ShouldContain("A DPoP token");
        run.Out.ShouldNotContain("eyJ");
        run.Out.ShouldNotContain("\e");
    }

    [Fact]
    public async Task Prints_one_JSON_object_without_the_token()
    {
        CliRun run = await CliRun.AsOf(up.Folder, "token", "--json", "--scope", "orders:read");

        run.Code.ShouldBe(0, run.All);
        run.Json.GetProperty("token_type").GetString().ShouldBe("DPoP");
        run.Json.GetProperty("scope").GetString().ShouldBe("orders:read");
        run.Json.GetProperty("expires_in").GetInt64().ShouldBeInRange(200, 300);
        run.Json.GetProperty("header").GetProperty("typ").GetString().ShouldBe("at+jwt");
        run.Json.GetProperty("claims").GetProperty("cnf").GetProperty("jkt").GetString().ShouldBe(run.Json.GetProperty("cnf").GetProperty("jkt").GetString());
        run.Json.TryGetProperty("access_token", out _).ShouldBeFalse();
        run.Out.ShouldNotContain("eyJ");
    }

    // MTLS-19, MTLS-35
    [Fact]
    public async Task Gets_one_as_the_client_with_the_certificate()
    {
        CliRun run = await CliRun.AsOf(up.Folder, "token", "--json", "--mtls");

        run.Code.ShouldBe(0, run.All);
        run.Json.GetProperty("token_type").GetString().ShouldBe("Bearer");
        run.Json.GetProperty("claims").GetProperty("client_id").GetString().ShouldBe(up.Document.MtlsClientId);
        run.Json.GetProperty("claims").GetProperty("aud").GetString().ShouldBe(up.Document.Audience);
        run.Json.GetProperty("claims").GetProperty("cnf").GetProperty("x5t#S256").GetString()!.Length.ShouldBe(43);
    }

    [Fact]
    public async Task Prints_the_token_alone_when_asked_for_it()
    {
        CliRun run = await CliRun.AsOf(up.Folder, "token", "--raw");

        run.Code.ShouldBe(0, run.All);
        run.Out.TrimEnd('\n').Split('.').Length.ShouldBe(3);
        (await CliRun.AsOf(up.Folder, "token", "--raw", "--json")).Json.GetProperty("access_token").GetString()!.ShouldStartWith("eyJ");
    }

    [Fact]
    public async Task Takes_issuer_and_client_one_by_one()
    {
        using var elsewhere = new TemporaryFolder();
        CliRun run = await CliRun.AsOf(elsewhere.Path, "token", "--json", "--issuer", up.Document.Issuer, "--client-id", up.Document.ClientId,
            "--key", up.Document.ClientKeyPem, "--resource", up.Document.Resource);

        run.Code.ShouldBe(0, run.All);
        run.Json.GetProperty("claims").GetProperty("aud").GetString().ShouldBe(up.Document.Audience);
    }

    [Fact]
    public async Task Says_when_the_issuer_refuses()
    {
        CliRun run = await CliRun.AsOf(up.Folder, "token", "--scope", "orders:burn");

        run.Code.ShouldBe(1, run.All);
        run.Error.ShouldContain("invalid_scope");
        run.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task Says_when_nothing_is_up()
    {
        using var elsewhere = new TemporaryFolder();
        CliRun run = await CliRun.AsOf(elsewhere.Path, "token");

        run.Code.ShouldBe(2);
        run.Error.ShouldContain("'holdfast up' is not running");
    }

    [Fact]
    public async Task Says_when_the_document_outlived_its_process()
    {
        using var elsewhere = new TemporaryFolder();
        UpDocument stale = up.Document with { Issuer = $"http://localhost:{FreePort.Take(1)[0]}" };
        elsewhere.Write(".holdfast/up.json", JsonSerializer.Serialize(stale, Output.CliJson.Line.UpDocument));

        CliRun run = await CliRun.AsOf(elsewhere.Path, "token");

        run.Code.ShouldBe(2, run.All);
        run.Error.ShouldContain("has ended without cleaning up");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task Says_when_the_document_is_damaged(string content)
    {
        using var elsewhere = new TemporaryFolder();
        elsewhere.Write(".holdfast/up.json", content);

        CliRun run = await CliRun.AsOf(elsewhere.Path, "token");

        run.Code.ShouldBe(2, run.All);
        run.Error.ShouldContain("is not what 'holdfast up' writes");
    }
}
