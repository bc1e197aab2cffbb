using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.Issuer.Tests;

/// <summary>An https server on which a client publishes its keys.</summary>
internal sealed class KeyServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private KeyServer(WebApplication app, X509Certificate2 certificate) => (_app, Certificate) = (app, certificate);

    /// <summary>Its own TLS certificate, which nobody trusts without being told.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>What it answers.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    /// <summary>How often it was asked.</summary>
    public int Requests;

    public int Connections;

    public string Url(string host = "localhost") =>
        $"https://{host}:{new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port}/jwks";

    public void Publish(params X509Certificate2[] certificates) => Publish(CertificateJwk.Set([.. certificates.Select(certificate => CertificateJwk.Of(certificate))]));

    public void Publish(string jwks) => Answer = context =>
    {
        context.Response.ContentType = "application/jwk-set+json";
        return context.Response.WriteAsync(jwks);
    };

    public static async Task<KeyServer> StartAsync()
    {
        X509Certificate2 certificate = TestAuthority.SelfSigned("CN=localhost", request =>
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            request.CertificateExtensions.Add(names.Build());
        }, now: TimeProvider.System.GetUtcNow());
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        KeyServer? server = null;
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Use(next => connection =>
            {
                Interlocked.Increment(ref server!.Connections);
                return next(connection);
            });
            listen.Protocols = HttpProtocols.Http1;
            listen.UseHttps(certificate);
        }));
        WebApplication app = builder.Build();
        app.Run(context =>
        {
            Interlocked.Increment(ref server!.Requests);
            return server.Answer(context);
        });
        server = new KeyServer(app, certificate);
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
