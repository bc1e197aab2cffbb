using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Integration.Tests;

/// <summary>A certification authority for one run, a server's certificate, and clients: two of the authority, a self-signed one, and one that has expired.</summary>
internal sealed class ProxyCertificates : IDisposable
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    public ProxyCertificates(string folder)
    {
        Authority = Issue("Holdfast test authority", request => request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true)));
        using X509Certificate2 server = Issue("localhost", request => request.CertificateExtensions.Add(Names()), Authority);
        Alice = Issue("alice", AsClient, Authority);
        Mallory = Issue("mallory", AsClient, Authority);
        SelfSigned = Issue("self", AsClient);
        Expired = Issue("late", AsClient, Authority, TimeSpan.FromMinutes(-5));

        AuthorityFile = Write("ca.pem", Authority.ExportCertificatePem());
        ServerFile = Write("server.pem", server.ExportCertificatePem());
        ServerKeyFile = Write("server.pem.key", server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        AliceFile = Write("alice.pem", Alice.ExportCertificatePem() + "\n" + Alice.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());

        string Write(string name, string pem)
        {
            string path = Path.Combine(folder, name);
            File.WriteAllText(path, pem + "\n");
            return path;
        }
    }

    public X509Certificate2 Authority { get; }

    /// <summary>The certificate of the honest client.</summary>
    public X509Certificate2 Alice { get; }

    /// <summary>Another client's, of the same authority.</summary>
    public X509Certificate2 Mallory { get; }

    public X509Certificate2 SelfSigned { get; }

    public X509Certificate2 Expired { get; }

    public string AuthorityFile { get; }
    public string ServerFile { get; }

    /// <summary>The server's key, where HAProxy looks for it: beside the certificate, with <c>.key</c> added.</summary>
    public string ServerKeyFile { get; }

    /// <summary>Certificate and key of the honest client, for curl.</summary>
    public string AliceFile { get; }

    /// <summary>The <c>x5t#S256</c> of a certificate (RFC 8705 §3.1).</summary>
    public static string Thumbprint(X509Certificate2 certificate) => TestKey.Encode(SHA256.HashData(certificate.RawData));

    public void Dispose()
    {
        foreach (X509Certificate2 certificate in new[] { Authority, Alice, Mallory, SelfSigned, Expired })
            certificate.Dispose();
    }

    private X509Certificate2 Issue(string name, Action<CertificateRequest> extend, X509Certificate2? issuer = null, TimeSpan? life = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        extend(request);
        DateTimeOffset from = _now.AddMinutes(-10), to = _now + (life ?? TimeSpan.FromHours(12));
        if (issuer is null)
            return request.CreateSelfSigned(from, _now.AddDays(1));
        using X509Certificate2 certificate = request.Create(issuer, from, to, RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }

    private static X509Extension Names()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        return names.Build();
    }

    private static void AsClient(CertificateRequest request) =>
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ClientAuthentication)], false));
}
