using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.AspNetCore.Tests.Certificates;

/// <summary>Which listeners are declared a proxy's.</summary>
internal enum Listeners
{
    /// <summary>The proxy's port and its unix socket.</summary>
    Own,
    /// <summary>All that the process has.</summary>
    Every,
    /// <summary>None; the API takes client certificates all the same.</summary>
    None,
}

/// <summary>
/// An API with a listener for a proxy, a unix socket for a proxy, and a listener for everybody with TLS. <c>/echo</c> names the fields that reach the
/// application. The proxy has a shared secret: on this machine every address is loopback.
/// </summary>
internal sealed class ProxiedApi : IAsyncDisposable
{
    public const string Secret = "0123456789abcdef0123456789abcdef";
    public const string SecretLine = $"Holdfast-Proxy-Secret: {Secret}";

    private static int _started;

    private readonly TemporaryFolder _folder = new();

    public TestApi Api { get; private set; } = null!;
    public int ProxyPort { get; private set; }
    public int TlsPort { get; private set; }
    public string Socket => _folder.At("api.sock");

    /// <summary>A name that no other test's meter readings have.</summary>
    public string Resource { get; } = $"orders-{Interlocked.Increment(ref _started)}";

    public static async Task<ProxiedApi> StartAsync(Action<ForwardedClientCertificateOptions>? configure = null, Action<WebApplication>? pipeline = null,
        Action<IServiceCollection>? services = null, Listeners declared = Listeners.Own,
        Action<WebApplication>? endpoints = null)
    {
        var api = new ProxiedApi();
        int[] ports = FreePort.Take(2);
        (api.ProxyPort, api.TlsPort) = (ports[0], ports[1]);
        void Configure(ForwardedClientCertificateOptions options)
        {
            options.Format = "rfc9440";
            configure?.Invoke(options);
        }
        api.Api = await TestApi.StartAsync(new()
        {
            Listen = kestrel =>
            {
                kestrel.Listen(IPAddress.Loopback, api.ProxyPort);
                kestrel.ListenUnixSocket(api.Socket);
                kestrel.Listen(IPAddress.Loopback, api.TlsPort, listen => listen.UseHttps(https =>
                {
                    https.ServerCertificate = TestCertificates.Server;
                    https.AcceptClientCertificates();
                }));
            },
            Options = options => (options.UseClientCertificates, options.ResourceName) = (declared == Listeners.None, api.Resource),
            Services = all =>
            {
                if (declared != Listeners.None)
                {
                    all.AddForwardedClientCertificates(options =>
                    {
                        options.Port = declared == Listeners.Every ? null : api.ProxyPort;
                        options.Trust.Addresses = ["127.0.0.1"];
                        options.Trust.Secrets = [Secret];
                        Configure(options);
                    });
                }
                if (declared == Listeners.Own)
                {
                    all.AddForwardedClientCertificates(options =>
                    {
                        options.UnixSocket = api.Socket;
                        options.Trust.UnixSocket = true;
                        Configure(options);
                    });
                }
                services?.Invoke(all);
            },
            Pipeline = pipeline,
            Endpoints = app =>
            {
                app.MapGet("/echo", (HttpContext context) => string.Join('\n', context.Request.Headers.Select(field => field.Key)));
                endpoints?.Invoke(app);
            },
        });
        return api;
    }

    /// <summary>GET with a token that is bound to the certificate, and these lines besides.</summary>
    public Task<string> CallAsync(X509Certificate2 boundTo, IPAddress? from, params string[] lines) =>
        RawHttp.SendAsync(new IPEndPoint(IPAddress.Loopback, ProxyPort), from, "GET /orders HTTP/1.0", Lines(boundTo, lines));

    public Task<string> CallSocketAsync(X509Certificate2 boundTo, params string[] lines) =>
        RawHttp.SendAsync(new UnixDomainSocketEndPoint(Socket), null, "GET /orders HTTP/1.0", Lines(boundTo, lines));

    /// <summary>The fields that the application sees of a request with these lines.</summary>
    public async Task<string[]> EchoAsync(IPAddress? from, params string[] lines)
    {
        string answer = await RawHttp.SendAsync(new IPEndPoint(IPAddress.Loopback, ProxyPort), from, "GET /echo HTTP/1.0", lines);
        RawHttp.Status(answer).ShouldBe(200);
        return answer.Split("\r\n\r\n", 2)[1].Split('\n');
    }

    // HTTP/1.0, which ends the connection without a word: Kestrel shows no Connection field in which it finds an option that it knows.
    private string[] Lines(X509Certificate2 boundTo, string[] lines) => [$"Authorization: Bearer {Api.CertificateToken(boundTo)}", .. lines];

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        _folder.Dispose();
    }
}
