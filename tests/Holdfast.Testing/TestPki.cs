using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Testing;

/// <summary>A private certificate authority that no machine trusts, the servers' certificate, and as many client certificates as a test wants.</summary>
public sealed class TestPki : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Until = new(2049, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public TestPki()
    {
        Authority = Issue("CN=Test authority", null, isAuthority: true);
        Server = Issue("CN=localhost", Authority);
    }

    public X509Certificate2 Authority { get; }

    public X509Certificate2 Server { get; }

    /// <summary>What the servers speak.</summary>
    public SslProtocols Versions { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>Self-signed, as <c>self_signed_tls_client_auth</c> has it.</summary>
    public static X509Certificate2 Client(string name = "orders-client") => Issue($"CN={name}", null);

    public static X509Certificate2 Client(DateTimeOffset from, DateTimeOffset until) => Issue("CN=orders-client", null, from: from, until: until);

    public static X509Certificate2 Issue(
        string name, X509Certificate2? issuer, bool isAuthority = false, DateTimeOffset? from = null, DateTimeOffset? until = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        if (!isAuthority)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication), new Oid(ClientAuthentication)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        if (issuer is null)
            return request.CreateSelfSigned(from ?? From, until ?? Until);
        using X509Certificate2 signed = request.Create(issuer, from ?? From, until ?? Until, RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    /// <summary>What the owner of a primary handler sets to reach these servers: nothing else trusts them.</summary>
    public SslClientAuthenticationOptions Trust() => new()
    {
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { Authority },
            RevocationMode = X509RevocationMode.NoCheck,
        },
    };

    public SocketsHttpHandler Handler() => new() { SslOptions = Trust(), UseProxy = false };

    public static string Thumbprint(X509Certificate2 certificate) =>
        System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(certificate.RawData));

    public void Dispose()
    {
        Authority.Dispose();
        Server.Dispose();
    }
}
