using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Holdfast.Storage;
using Holdfast.Testing;

namespace Holdfast.Issuer.Tests;

/// <summary>
/// An issuer on a real server, set up as <c>docs/run-the-issuer.md</c> says: one listener that never asks for a certificate, and one, the alias, that asks and
/// leaves it to the client.
/// </summary>
internal sealed class MutualTlsServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _directory;

    private MutualTlsServer(WebApplication app, string directory, string issuer, string alias, RefusalLog log) =>
        (_app, _directory, Issuer, Alias, Log) = (app, directory, issuer, alias, log);

    public string Issuer { get; }
    public string Alias { get; }
    public RefusalLog Log { get; }

    public static async Task<MutualTlsServer> StartAsync(CallerKey key, Action<HoldfastIssuerOptions> configure)
    {
        int[] ports = FreePort.Take(2);
        (string issuer, string alias) = ($"https://localhost:{ports[0]}", $"https://localhost:{ports[1]}");
        string directory = IssuerHost.NewDirectory();
        var log = new RefusalLog();
        X509Certificate2 own = TestAuthority.SelfSigned("CN=localhost", now: TimeProvider.System.GetUtcNow());
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, ports[0], listen => listen.UseHttps(own));
            kestrel.Listen(IPAddress.Loopback, ports[1], listen => listen.UseHttps(https =>
            {
                https.ServerCertificate = own;
                https.AcceptClientCertificates();
            }));
        });
        builder.Services.AddHoldfastIssuer(options =>
        {
            IssuerHost.Defaults(options, key, directory);
            options.Issuer = issuer;
            options.MutualTls.EndpointAlias = alias;
            configure(options);
        });
        builder.Services.AddHoldfastStorage(options => options.DataDirectory = directory);
        WebApplication app = builder.Build();
        app.MapHoldfastIssuer();
        await app.StartAsync();
        return new(app, directory, issuer, alias, log);
    }

    /// <summary>A client's connection, with this certificate and what is sent along.</summary>
    public static HttpClient Connect(X509Certificate2? certificate, SslProtocols protocol = SslProtocols.None, Version? version = null, params X509Certificate2[] chain)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        handler.SslOptions.EnabledSslProtocols = protocol;
        if (certificate is not null)
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, [.. chain], offline: true);
        return new HttpClient(handler) { DefaultRequestVersion = version ?? HttpVersion.Version11, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
    }

    public async Task<TokenAnswer> AskAsync(HttpClient client, string at, IEnumerable<KeyValuePair<string, string>> form, string? proof = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, at + "/token")
        {
            Content = new FormUrlEncodedContent(form), Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy,
        };
        if (proof is not null)
            request.Headers.TryAddWithoutValidation("DPoP", proof);
        using HttpResponseMessage response = await client.SendAsync(request);
        response.Version.ShouldBe(client.DefaultRequestVersion);
        return await TokenAnswer.ReadAsync(response);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
