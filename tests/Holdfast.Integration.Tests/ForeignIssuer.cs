using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Holdfast.Integration.Tests;

/// <summary><c>oidc-provider</c> as a process: an issuer that this project did not write, which binds tokens by DPoP and by client certificate.</summary>
public sealed class ForeignIssuer : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private RunningProcess? _process;

    public TestPki Pki { get; } = new();

    /// <summary>Where the set-up of issuer and clients is.</summary>
    public string Setup { get; private set; } = "";

    public string Url { get; private set; } = "";

    /// <summary>Ports of the APIs that it issues tokens for: their URLs are the resources.</summary>
    public int[] ApiPorts { get; private set; } = [];

    public async Task InitializeAsync()
    {
        if (NodeScript.Missing is not null)
            return;
        int[] ports = FreePort.Take(3);
        (Url, ApiPorts) = ($"https://localhost:{ports[0]}", ports[1..]);
        using X509Certificate2 client = TestPki.Issue("CN=mtls-client", Pki.Authority), another = TestPki.Issue("CN=mtls-client", Pki.Authority);
        Setup = _folder.Write("setup.json", JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["issuer"] = Url, ["resources"] = ApiPorts.Select(port => $"https://localhost:{port}"), ["secret"] = Convert.ToHexString(RandomNumberGenerator.GetBytes(32)),
            ["ca"] = _folder.Write("ca.pem", Pki.Authority.ExportCertificatePem()),
            ["certificate"] = _folder.Write("server.pem", Pki.Server.ExportCertificatePem()), ["key"] = WriteKey("server.key", Pki.Server),
            ["client_certificate"] = _folder.Write("client.pem", client.ExportCertificatePem()), ["client_key"] = WriteKey("client.key", client),
            ["another_certificate"] = _folder.Write("another.pem", another.ExportCertificatePem()), ["another_key"] = WriteKey("another.key", another),
        }));
        _process = await RunningProcess.StartAsync("node", ["foreign-issuer.mjs", Setup], line => line.StartsWith("{\"issuer\"", StringComparison.Ordinal),
            RepositoryFiles.At("tests/npm"));
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        Pki.Dispose();
        _folder.Dispose();
    }

    private string WriteKey(string name, X509Certificate2 certificate)
    {
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        return _folder.Write(name, key.ExportPkcs8PrivateKeyPem());
    }
}
