using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Integration.Tests;

/// <summary>The server certificate of the proxies, and clients: two of its authority, a self-signed one, and one that has expired.</summary>
internal sealed class ProxyCertificates : IDisposable
{
    private readonly TestPki _pki = new();

    public ProxyCertificates(string folder)
    {
        Alice = TestPki.Issue("CN=alice", _pki.Authority);
        Mallory = TestPki.Issue("CN=mallory", _pki.Authority);
        SelfSigned = TestPki.Client("self");
        Expired = TestPki.Issue("CN=late", _pki.Authority, until: DateTimeOffset.UtcNow.AddMinutes(-5));

        AuthorityFile = Write("ca.pem", _pki.Authority.ExportCertificatePem());
        ServerFile = Write("server.pem", _pki.Server.ExportCertificatePem());
        Write("server.pem.key", Key(_pki.Server));
        AliceFile = Write("alice.pem", Alice.ExportCertificatePem() + "\n" + Key(Alice));

        string Write(string name, string pem)
        {
            string path = Path.Combine(folder, name);
            File.WriteAllText(path, pem + "\n");
            return path;
        }
    }

    public X509Certificate2 Authority => _pki.Authority;

    /// <summary>The certificate of the honest client.</summary>
    public X509Certificate2 Alice { get; }

    /// <summary>Another client's, of the same authority.</summary>
    public X509Certificate2 Mallory { get; }

    public X509Certificate2 SelfSigned { get; }

    public X509Certificate2 Expired { get; }

    public string AuthorityFile { get; }

    /// <summary>The server's certificate; its key is beside it with <c>.key</c> added, where HAProxy looks for it.</summary>
    public string ServerFile { get; }

    /// <summary>Certificate and key of the honest client, for curl.</summary>
    public string AliceFile { get; }

    public void Dispose()
    {
        foreach (X509Certificate2 certificate in new[] { Alice, Mallory, SelfSigned, Expired })
            certificate.Dispose();
        _pki.Dispose();
    }

    private static string Key(X509Certificate2 certificate) => certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();
}
