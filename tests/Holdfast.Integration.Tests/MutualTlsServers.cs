using System.Collections.Concurrent;
using Holdfast.AspNetCore;
using Holdfast.Issuer;
using Holdfast.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Integration.Tests;

/// <summary>An issuer with a port for certificates and an API over TLS, as hosts of one's own would compose them.</summary>
internal sealed class MutualTlsServers : IAsyncDisposable, IVerificationObserver
{
    public const string ClientId = "orders-client";
    public const string Subject = "CN=orders-client";

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<VerificationFailure> _refused = new();
    private readonly int[] _ports = FreePort.Take(3);
    private WebApplication? _issuer;
    private WebApplication? _api;

    public TestPki Pki { get; } = new();

    public string Issuer => $"http://localhost:{_ports[0]}";

    public string Resource => $"https://localhost:{_ports[2]}";

    public Uri Orders => new($"{Resource}/orders");

    /// <summary>What either of them refused, challenges apart.</summary>
    public VerificationFailure[] Refused => [.. _refused];

    public static async Task<MutualTlsServers> StartAsync()
    {
        var servers = new MutualTlsServers();
        servers._issuer = servers.BuildIssuer();
        servers._api = servers.BuildApi();
        await servers._issuer.StartAsync();
        await servers._api.StartAsync();
        return servers;
    }

    public void Observed(VerificationSignal signal)
    {
        // A challenge for a nonce is part of the protocol.
        if (signal.Failure.Severity != FailureSeverity.Expected)
            _refused.Enqueue(signal.Failure.Failure);
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is not null)
            await _api.DisposeAsync();
        if (_issuer is not null)
            await _issuer.DisposeAsync();
        Pki.Dispose();
        _folder.Dispose();
    }

    private WebApplication BuildIssuer()
    {
        WebApplicationBuilder builder = NewBuilder(kestrel =>
        {
            kestrel.ListenLocalhost(_ports[0]);
            kestrel.ListenLocalhost(_ports[1], AskForCertificates);
        });
        builder.Services.AddHoldfastIssuer(o =>
        {
            (o.Issuer, o.DataDirectory, o.SingleInstance, o.NoPredecessor) = (Issuer, _folder.At("issuer"), true, true);
            o.MutualTls.EndpointAlias = $"https://localhost:{_ports[1]}";
            o.MutualTls.TrustedCertificateAuthorities.Add(Pki.Authority.ExportCertificatePem());
            o.Resources.Add(new IssuerResourceOptions { Identifier = Resource, Scopes = ["orders"] });
            o.Clients.Add(new IssuerClientOptions
            {
                ClientId = ClientId,
                AuthenticationMethod = ClientAuthenticationMethods.TlsClientAuth,
                TlsClientAuthSubjectDn = Subject,
                Scopes = ["orders"],
                Resources = [Resource],
            });
        });
        builder.Services.AddHoldfastStorage(o => o.DataDirectory = _folder.At("issuer"));
        WebApplication app = builder.Build();
        app.UseRouting();
        app.MapHoldfastIssuer();
        return app;
    }

    private WebApplication BuildApi()
    {
        WebApplicationBuilder builder = NewBuilder(kestrel => kestrel.ListenLocalhost(_ports[2], AskForCertificates));
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication().AddHoldfast(o =>
        {
            (o.Issuer, o.Audience, o.SingleInstance) = (Issuer, Resource, true);
            o.PublicOrigins = [Resource];
        });
        WebApplication app = builder.Build();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/orders", (HttpContext context) => context.Response.WriteAsync("ok")).RequireAuthorization();
        return app;
    }

    private WebApplicationBuilder NewBuilder(Action<KestrelServerOptions> listen)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(listen);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IVerificationObserver>(this);
        return builder;
    }

    private void AskForCertificates(ListenOptions listen) => listen.UseHttps(https =>
    {
        (https.ServerCertificate, https.ClientCertificateMode) = (Pki.Server, ClientCertificateMode.AllowCertificate);
        https.ClientCertificateValidation = (_, _, _) => true;
    });
}
