using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Holdfast.Guard.Tests;

/// <summary>A listener with TLS, a proxy with a certificate of its own, and somebody else with another.</summary>
public sealed class TlsWorld : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    public X509Certificate2 Proxy { get; } = Create("proxy");
    public X509Certificate2 Stranger { get; } = Create("stranger");

    public static X509Certificate2 Create(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2035, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }

    public static string Thumbprint(X509Certificate2 certificate) => TestKey.Encode(SHA256.HashData(certificate.RawData));

    public string Edit(string yaml)
    {
        using X509Certificate2 server = Create("guard");
        string certificate = _folder.Write("tls.pem", server.ExportCertificatePem()), key = _folder.Write("tls.key", server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return yaml.Replace("secrets: [{ file: secret }]", $"certificate_thumbprints: [{Thumbprint(Proxy)}]")
            .Replace("    trust:", $"    tls: {{ certificate_file: {certificate}, key_file: {key} }}\n    trust:");
    }

    /// <summary>The claims, bound to a certificate.</summary>
    public JsonObject BoundTo(JsonObject claims, X509Certificate2 certificate)
    {
        claims["cnf"] = new JsonObject { ["x5t#S256"] = Thumbprint(certificate) };
        return claims;
    }

    public async Task<GuardAnswer> AskAsync(TestGuard guard, X509Certificate2? certificate, IEnumerable<string> lines)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(guard.Addresses[0]).Port);
        await using var tls = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "guard",
            ClientCertificates = certificate is null ? null : [certificate],
            LocalCertificateSelectionCallback = certificate is null ? null : (_, _, _, _, _) => certificate,
        });
        return await GuardAnswer.ToAsync(tls, "GET /authorize/nginx HTTP/1.1", lines);
    }

    public ValueTask DisposeAsync()
    {
        Proxy.Dispose();
        Stranger.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
