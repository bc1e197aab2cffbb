using System.Text.Json;

namespace Holdfast.Cli.Tests;

[Collection(RunningUp.Name)]
public sealed class DoctorCommandTests(UpFixture up)
{
    private static Dictionary<string, JsonElement> Findings(CliRun run) =>
        run.Json.GetProperty("findings").EnumerateArray().ToDictionary(finding => finding.GetProperty("check").GetString()!);

    // FWD-20, FWD-21, DPOP-V-21
    [Fact]
    public async Task Finds_nothing_wrong_with_up_and_hears_what_its_api_saw()
    {
        CliRun run = await CliRun.AsOf(up.Folder, "doctor", "--json");

        run.Code.ShouldBe(0, run.All);
        run.Error.ShouldBeEmpty();
        run.Json.GetProperty("has_diagnostics").GetBoolean().ShouldBeTrue();
        Dictionary<string, JsonElement> findings = Findings(run);
        findings.Where(finding => finding.Value.GetProperty("result").GetString() != "ok").Select(finding => finding.Key).ShouldBe(["browser"]);
        findings["public_url"].GetProperty("operator").GetString()!.ShouldContain(up.Document.MtlsResource!);
        findings["certificate_arrives"].GetProperty("operator").GetString()!.ShouldContain("of the connection itself");
        findings["forged_certificate"].GetProperty("operator").GetString()!.ShouldContain("Client-Cert");
    }

    [Fact]
    public async Task Examines_what_it_is_told_one_by_one()
    {
        CliRun run = await CliRun.AsOf(up.Folder, "doctor", up.Document.Resource + "/orders", "--issuer", up.Document.Issuer, "--client-id", up.Document.ClientId,
            "--key", up.Document.ClientKeyPem, "--resource", up.Document.Audience, "--scope", up.Document.Scope);

        run.Code.ShouldBe(0, run.All);
        run.Out.ShouldContain("proof_arrives");
        run.Out.ShouldContain("0 problems");
        run.Out.ShouldContain("the API gave no diagnostics");
        run.Out.ShouldNotContain("\e");
        run.Out.ShouldNotContain("eyJ");
    }

    [Fact]
    public async Task Hears_what_the_api_saw_where_the_scope_permits_it()
    {
        CliRun run = await CliRun.AsOf(up.Folder, "doctor", up.Document.Resource + "/orders", "--issuer", up.Document.Issuer, "--client-id", up.Document.ClientId,
            "--key", up.Document.ClientKeyPem, "--resource", up.Document.Audience, "--scope", "orders:read holdfast:diagnose");

        run.Code.ShouldBe(0, run.All);
        run.Out.ShouldContain("the API says: proofs are compared with");
    }

    [Fact]
    public async Task Examines_the_certificate_alone()
    {
        CliRun run = await CliRun.AsOf(up.Folder, "doctor", up.Document.MtlsResource + "/orders", "--issuer", up.Document.Issuer, "--client-id", up.Document.MtlsClientId!,
            "--cert", up.Document.MtlsCertificatePem!, "--cert-key", up.Document.MtlsKeyPem!, "--ca", up.Document.CaPem!, "--resource", up.Document.Audience,
            "--scope", up.Document.Scope, "--proxy", "nginx", "--json");

        run.Code.ShouldBe(0, run.All);
        Dictionary<string, JsonElement> findings = Findings(run);
        findings["certificate_arrives"].GetProperty("result").GetString().ShouldBe("ok");
        findings["forged_certificate"].GetProperty("result").GetString().ShouldBe("ok");
        findings["proof_arrives"].GetProperty("result").GetString().ShouldBe("skipped");
        run.Json.GetProperty("proxy").GetString().ShouldBe("nginx");
    }

    [Fact]
    public async Task Finds_that_http_takes_no_certificate()
    {
        CliRun run = await CliRun.AsOf(up.Folder, "doctor", up.Document.Resource + "/orders", "--issuer", up.Document.Issuer, "--client-id", up.Document.MtlsClientId!,
            "--cert", up.Document.MtlsCertificatePem!, "--cert-key", up.Document.MtlsKeyPem!, "--ca", up.Document.CaPem!, "--resource", up.Document.Audience, "--json");

        run.Code.ShouldBe(1, run.All);
        Findings(run)["certificate_arrives"].GetProperty("result").GetString().ShouldBe("problem");
    }

    [Theory]
    [InlineData("URL is missing", "--issuer", "https://id.example.com", "--client-id", "c")]
    [InlineData("--key is missing", "https://api.example.com/", "--issuer", "https://id.example.com", "--client-id", "c")]
    [InlineData("belong together", "https://api.example.com/", "--issuer", "https://id.example.com", "--client-id", "c", "--cert", "a.pem")]
    [InlineData("there is no such file", "https://api.example.com/", "--issuer", "https://id.example.com", "--client-id", "c", "--key", "nowhere.pem")]
    [InlineData("is not an http or https URL", "ftp://api.example.com/")]
    [InlineData("squid", "--proxy", "squid")]
    public async Task Names_what_is_wrong_with_its_arguments(string expected, params string[] arguments)
    {
        CliRun run = await CliRun.AsOf(up.Folder, ["doctor", .. arguments]);
        run.Code.ShouldBe(2, run.All);
        run.Error.ShouldContain(expected);
    }
}
