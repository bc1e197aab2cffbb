using System.Text.Json;
using Holdfast.Cli.Up;

namespace Holdfast.Cli.Tests;

public sealed class CertificateOptionsTests
{
    // MTLS-02, MTLS-22
    [Fact]
    public async Task Gets_a_token_by_certificate_and_shows_what_it_is_bound_to()
    {
        await using TlsStub stub = await TlsStub.StartAsync();
        CliRun text = await CliRun.AsOf(stub.Folder, ["token", .. stub.WithCertificate()]);
        CliRun json = await CliRun.AsOf(stub.Folder, ["token", "--json", .. stub.WithCertificate()]);

        text.Code.ShouldBe(0, text.All);
        text.Out.ShouldContain($"worth nothing without the certificate {stub.Thumbprint}");
        text.Out.ShouldContain("cnf ");
        text.Out.ShouldNotContain("eyJ");
        json.Json.GetProperty("token_type").GetString().ShouldBe("Bearer");
        json.Json.GetProperty("cnf").EnumerateObject().ShouldHaveSingleItem().Name.ShouldBe("x5t#S256");
        json.Json.GetProperty("cnf").GetProperty("x5t#S256").GetString().ShouldBe(stub.Thumbprint);
        json.Json.GetProperty("claims").GetProperty("cnf").GetProperty("x5t#S256").GetString().ShouldBe(stub.Thumbprint);
        stub.Form!["client_id"].ToString().ShouldBe("orders");
        stub.Form.ContainsKey("client_assertion").ShouldBeFalse();
    }

    [Fact]
    public async Task Binds_to_both_at_once()
    {
        await using TlsStub stub = await TlsStub.StartAsync();
        CliRun run = await CliRun.AsOf(stub.Folder, ["token", "--json", .. stub.WithCertificate("--binding", "both")]);
        run.Code.ShouldBe(0, run.All);
        run.Json.GetProperty("token_type").GetString().ShouldBe("DPoP");
        run.Json.GetProperty("cnf").EnumerateObject().Select(member => member.Name).ShouldBe(["jkt", "x5t#S256"]);
    }

    // MTLS-30: what the client library cannot know, people can see.
    [Fact]
    public async Task Says_that_a_token_is_bound_to_nothing()
    {
        await using TlsStub stub = await TlsStub.StartAsync();
        stub.Binds = false;
        CliRun text = await CliRun.AsOf(stub.Folder, ["token", .. stub.WithCertificate()]);
        CliRun json = await CliRun.AsOf(stub.Folder, ["token", "--json", .. stub.WithCertificate()]);
        text.Code.ShouldBe(1, text.All);
        text.Out.ShouldContain("bound to nothing");
        text.Error.ShouldContain($"not bound to the certificate {stub.Thumbprint}");
        json.Code.ShouldBe(1, json.All);
        json.Json.GetProperty("cnf").EnumerateObject().ShouldBeEmpty();
    }

    [Fact]
    public async Task Shows_of_an_opaque_token_what_was_asked_for()
    {
        await using TlsStub stub = await TlsStub.StartAsync();
        stub.IsReadable = false;
        CliRun run = await CliRun.AsOf(stub.Folder, ["token", "--json", .. stub.WithCertificate()]);
        run.Code.ShouldBe(0, run.All);
        run.Json.GetProperty("cnf").GetProperty("x5t#S256").GetString().ShouldBe(stub.Thumbprint);
    }

    [Theory]
    [InlineData("certificate", "Bearer", true, false)]
    [InlineData("both", "DPoP", true, true)]
    [InlineData("dpop", "DPoP", false, true)]
    public async Task Calls_with_what_proves_possession(string binding, string scheme, bool certificate, bool proof)
    {
        await using TlsStub stub = await TlsStub.StartAsync();
        CliRun run = await CliRun.AsOf(stub.Folder, ["call", "GET", "/orders", .. stub.WithCertificate("--binding", binding)]);
        run.Code.ShouldBe(0, run.All);
        run.Json.GetProperty("scheme").GetString().ShouldBe(scheme);
        run.Json.GetProperty("certificate").GetString().ShouldBe(certificate ? stub.Thumbprint : null);
        run.Json.GetProperty("proof").GetBoolean().ShouldBe(proof);
    }

    // MTLS-22
    [Fact]
    public async Task Says_that_the_server_does_not_ask_for_the_certificate()
    {
        await using TlsStub stub = await TlsStub.StartAsync();
        CliRun run = await CliRun.AsOf(stub.Folder, ["call", "GET", $"{stub.Issuer}/orders", .. stub.WithCertificate()]);
        run.Code.ShouldBe(2, run.All);
        run.Error.ShouldContain("did not ask for the client certificate");
    }

    [Fact]
    public async Task Trusts_a_private_authority_only_where_it_is_named()
    {
        await using TlsStub stub = await TlsStub.StartAsync();
        string[] line = ["token", .. stub.WithCertificate().Where(part => part != "--ca" && part != stub.Ca)];
        CliRun run = await CliRun.AsOf(stub.Folder, line);
        run.Code.ShouldBe(2, run.All);
        run.Error.ShouldContain("--ca");
        stub.Form.ShouldBeNull();
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public async Task Says_that_a_file_holds_no_authority(string content)
    {
        await using TlsStub stub = await TlsStub.StartAsync();
        File.WriteAllText(stub.Ca, content);
        CliRun run = await CliRun.AsOf(stub.Folder, ["token", .. stub.WithCertificate()]);
        run.Code.ShouldBe(2, run.All);
        run.Error.ShouldContain("ca.pem");
        run.Error.ShouldNotContain("please report it");
    }

    [Fact]
    public async Task Refuses_a_key_that_others_may_read()
    {
        await using TlsStub stub = await TlsStub.StartAsync();
        File.SetUnixFileMode(stub.Key, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        CliRun run = await CliRun.AsOf(stub.Folder, ["token", .. stub.WithCertificate()]);
        run.Code.ShouldBe(2, run.All);
        run.Error.ShouldContain("chmod 600");
        stub.Form.ShouldBeNull();
    }

    [Fact]
    public async Task Lists_all_problems_with_certificates()
    {
        using var folder = new TemporaryFolder();
        CliRun run = await CliRun.AsOf(folder.Path, "token", "--issuer", "https://id.example.com", "--client-id", "orders", "--cert", "none.crt", "--ca", "none.pem");
        run.Code.ShouldBe(2);
        run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(3, run.All);
        foreach (string said in new[] { "none.crt", "--cert-key", "none.pem" })
            run.Error.ShouldContain(said);
    }

    [Theory]
    [InlineData("certificate")]
    [InlineData("both")]
    public async Task Refuses_a_binding_to_a_certificate_that_is_not_there(string binding)
    {
        using var folder = new TemporaryFolder();
        string key = folder.Write("key.pem", "");
        CliRun run = await CliRun.AsOf(folder.Path, "token", "--issuer", "https://id.example.com", "--client-id", "orders", "--key", key, "--binding", binding);
        run.Code.ShouldBe(2);
        run.Error.ShouldContain("needs a certificate");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("DPoP")]
    [InlineData("")]
    public async Task Refuses_a_binding_that_does_not_exist(string binding)
    {
        CliRun run = await CliRun.AsOf(Path.GetTempPath(), "token", "--binding", binding);
        run.Code.ShouldBe(2);
        run.Error.ShouldContain("none of dpop, certificate and both");
    }

    [Fact]
    public async Task Is_the_client_with_a_certificate_of_a_running_up()
    {
        await using TlsStub stub = await TlsStub.StartAsync();
        WriteDocument(stub, withCertificate: true);
        CliRun call = await CliRun.AsOf(stub.Folder, "call", "GET", "/orders", "--mtls");
        CliRun both = await CliRun.AsOf(stub.Folder, "token", "--mtls", "--binding", "both", "--json");

        call.Code.ShouldBe(0, call.All);
        call.Json.GetProperty("certificate").GetString().ShouldBe(stub.Thumbprint);
        stub.Form!["client_id"].ToString().ShouldBe("orders-mtls");
        stub.Form["resource"].ToString().ShouldBe(stub.Issuer);
        both.Json.GetProperty("cnf").EnumerateObject().Count().ShouldBe(2, both.All);
        File.Exists(Path.Combine(stub.Folder, "proof-key.pem")).ShouldBeTrue();
    }

    [Fact]
    public async Task Says_that_an_up_has_no_client_with_a_certificate()
    {
        await using TlsStub stub = await TlsStub.StartAsync();
        WriteDocument(stub, withCertificate: false);
        CliRun run = await CliRun.AsOf(stub.Folder, "token", "--mtls");
        run.Code.ShouldBe(2, run.All);
        run.Error.ShouldContain("no client with a certificate");
    }

    private static void WriteDocument(TlsStub stub, bool withCertificate)
    {
        var document = new UpDocument
        {
            Issuer = stub.Issuer,
            Resource = stub.Issuer,
            Audience = stub.Issuer,
            Scope = "orders:read",
            ClientId = "orders-client",
            ClientKeyPem = Path.Combine(stub.Folder, "client-key.pem"),
            ClientKeyJwk = Path.Combine(stub.Folder, "client-key.jwk.json"),
        };
        if (withCertificate)
        {
            document = document with
            {
                CaPem = stub.Ca,
                MtlsResource = stub.Resource,
                MtlsClientId = "orders-mtls",
                MtlsCertificatePem = stub.Certificate,
                MtlsKeyPem = stub.Key,
            };
        }
        Directory.CreateDirectory(Path.Combine(stub.Folder, ".holdfast"));
        File.WriteAllText(Path.Combine(stub.Folder, ".holdfast", "up.json"), JsonSerializer.Serialize(document, Output.CliJson.Line.UpDocument));
    }
}
