using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Conformance.Tests;

/// <summary>A certificate authority, with certificates for a server at 127.0.0.1 and for clients, and the PEM files that a target names.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly string _directory;
    private readonly X509Certificate2 _certificate;

    public TestAuthority(string directory)
    {
        _directory = directory;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(2));
        Write("ca.pem", _certificate.ExportCertificatePem());
        Server = Issue("server", "1.3.6.1.5.5.7.3.1");
    }

    public X509Certificate2 Server { get; }

    public X509Certificate2 Certificate => _certificate;

    public string PathOf(string name) => Path.Combine(_directory, name);

    /// <summary>A client's certificate with its key, also in <c>NAME.pem</c> and <c>NAME-key.pem</c>.</summary>
    public X509Certificate2 IssueClient(string name)
    {
        var certificate = Issue(name, "1.3.6.1.5.5.7.3.2");
        Write($"{name}.pem", certificate.ExportCertificatePem());
        using var key = certificate.GetECDsaPrivateKey()!;
        Write($"{name}-key.pem", key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }

    public bool HasIssued(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        Server.Dispose();
    }

    private X509Certificate2 Issue(string name, string usage)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(_certificate, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }

    private void Write(string name, string pem) => File.WriteAllText(PathOf(name), pem);
}
