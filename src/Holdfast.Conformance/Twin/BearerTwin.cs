using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Holdfast.Conformance;

/// <summary>
/// The API as it would be without Holdfast: Microsoft's bearer handler, set up by the book for the same issuer and audience, on a port of
/// its own on the loopback address. It accepts real tokens from whoever holds them, which is what a drill wants to show.
/// </summary>
internal sealed class BearerTwin : IAsyncDisposable
{
    private readonly WebApplication _app;

    private BearerTwin(WebApplication app) => _app = app;

    public string Origin => _app.Urls.First();

    public static async Task<BearerTwin> StartAsync(DrillTarget target, string metadataUrl, X509Certificate2Collection? authorities, CancellationToken cancellationToken)
    {
        // An empty builder: no configuration, environment or log of the process that happens to host it.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRouting();
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(bearer =>
        {
            bearer.Authority = target.Issuer;
            bearer.MetadataAddress = metadataUrl;
            bearer.Audience = target.Audience;
            bearer.RequireHttpsMetadata = !new Uri(target.Issuer).IsLoopback;
            bearer.BackchannelHttpHandler = new SocketsHttpHandler
            {
                SslOptions = { RemoteCertificateValidationCallback = (_, server, _, problems) => TlsSettings.IsTrusted(server, problems, authorities) },
            };
            bearer.MapInboundClaims = false;
            bearer.TokenValidationParameters.ValidTypes = ["at+jwt", "application/at+jwt"];
        });
        KeepToItself(builder.Services);

        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.Map("/{**path}", () => TypedResults.Ok()).RequireAuthorization();
        await app.StartAsync(cancellationToken);
        return new BearerTwin(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    // Without this, adding authentication writes a key ring into the user's home, and the host listens for Ctrl-C beside the program.
    private static void KeepToItself(IServiceCollection services)
    {
        var keyRing = services.Where(service => service.ServiceType == typeof(IHostedService)
            && service.ImplementationType?.Namespace?.StartsWith("Microsoft.AspNetCore.DataProtection", StringComparison.Ordinal) == true);
        foreach (var service in keyRing.ToArray())
            services.Remove(service);
        services.AddSingleton<IHostLifetime, NoLifetime>();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
