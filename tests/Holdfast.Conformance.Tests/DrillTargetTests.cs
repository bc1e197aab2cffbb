namespace Holdfast.Conformance.Tests;

public sealed class DrillTargetTests : IDisposable
{
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("target-").FullName, "up.json");

    [Fact]
    public void A_target_is_read_from_up_json_and_what_it_does_not_know_is_ignored()
    {
        File.WriteAllText(_file, """
            {"issuer":"http://localhost:7100","resource":"http://localhost:7101","audience":"a","scope":"s","client_id":"c",
             "client_key_pem":"client.pem","client_key_jwk":"client.jwk","signals":"/var/signals.jsonl","later":{"x":1}}
            """);

        DrillTarget.Read(_file).ShouldBe(new DrillTarget
        {
            Issuer = "http://localhost:7100",
            Resource = "http://localhost:7101",
            Audience = "a",
            Scope = "s",
            ClientId = "c",
            ClientKeyPem = Path.Combine(Path.GetDirectoryName(_file)!, "client.pem"),
            Signals = "/var/signals.jsonl",
        });
    }

    [Fact]
    public void A_client_with_a_certificate_is_read_too()
    {
        File.WriteAllText(_file, """
            {"issuer":"http://localhost:7100","resource":"http://localhost:7101","audience":"a","client_id":"c","client_key_pem":"k","client_key_jwk":"j",
             "ca_pem":"ca.pem","mtls_resource":"https://localhost:7144","mtls_client_id":"m","mtls_certificate_pem":"/etc/m.pem","mtls_key_pem":"m-key.pem"}
            """);
        var directory = Path.GetDirectoryName(_file)!;

        var target = DrillTarget.Read(_file);

        (target.CaPem, target.MtlsResource, target.MtlsClientId).ShouldBe((Path.Combine(directory, "ca.pem"), "https://localhost:7144", "m"));
        (target.MtlsCertificatePem, target.MtlsKeyPem).ShouldBe(("/etc/m.pem", Path.Combine(directory, "m-key.pem")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"issuer":"localhost","resource":"http://localhost:7101","audience":"a","client_id":"c","client_key_pem":"k"}""")]
    [InlineData("""{"issuer":"http://localhost","resource":"file:///etc","audience":"a","client_id":"c","client_key_pem":"k"}""")]
    [InlineData("""{"issuer":null,"resource":"http://localhost","audience":"a","client_id":"c","client_key_pem":"k"}""")]
    public void A_file_that_names_no_target_is_refused_with_its_path(string text)
    {
        File.WriteAllText(_file, text);
        Should.Throw<DrillFailedException>(() => DrillTarget.Read(_file)).Message.ShouldContain(_file);
    }

    [Fact]
    public void A_missing_file_is_refused_with_its_path() =>
        Should.Throw<DrillFailedException>(() => DrillTarget.Read(_file)).Message.ShouldContain(_file);

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);
}
