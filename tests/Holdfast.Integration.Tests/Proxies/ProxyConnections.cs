using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Holdfast.Integration.Tests;

/// <summary>Sends requests over connections that are kept: one set for each client certificate and transport.</summary>
internal sealed class ProxyConnections(ProxyCertificates certificates) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Dictionary<(X509Certificate2?, ProxyTransport), HttpMessageInvoker> _kept = [];

    public async Task<ProxyAnswer> SendAsync(ProxyProcess proxy, ProxyRequest request)
    {
        // Neither dot segments nor escapes are touched.
        var url = new Uri($"https://localhost:{proxy.Port}{request.Path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), url)
        {
            Version = request.Transport.Http,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = request.Body is null ? null : new StringContent(request.Body, Encoding.UTF8, "text/plain"),
        };
        message.Headers.Host = request.Host;
        foreach ((string name, string? value) in request.Fields.Select(field => (field.Name, (string?)field.Value)).Append(("Authorization", request.Authorization)).Append(("DPoP", request.Proof)))
        {
            if (value is not null)
                message.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue(name);
        }
        using var limit = new CancellationTokenSource(Limit);
        using HttpResponseMessage response = await For(request.Certificate, request.Transport).SendAsync(message, limit.Token);
        return new((int)response.StatusCode,
            [.. response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated).SelectMany(field => field.Value.Select(line => (field.Key, line)))],
            await response.Content.ReadAsStringAsync(limit.Token));
    }

    public void Dispose()
    {
        foreach (HttpMessageInvoker one in _kept.Values)
            one.Dispose();
    }

    private HttpMessageInvoker For(X509Certificate2? certificate, ProxyTransport transport)
    {
        if (_kept.TryGetValue((certificate, transport), out HttpMessageInvoker? kept))
            return kept;
        return _kept[(certificate, transport)] = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            SslOptions = ClientOptions(certificate, transport),
        });
    }

    /// <summary>TLS as a client does it that knows the authority, and has this certificate or none.</summary>
    public SslClientAuthenticationOptions ClientOptions(X509Certificate2? certificate, ProxyTransport transport) => new()
    {
        TargetHost = "localhost",
        EnabledSslProtocols = transport.Tls,
        ClientCertificates = certificate is null ? null : [certificate],
        // Whatever authorities a proxy asks for.
        LocalCertificateSelectionCallback = certificate is null ? null : (_, _, _, _, _) => certificate,
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { certificates.Authority },
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        },
    };
}
