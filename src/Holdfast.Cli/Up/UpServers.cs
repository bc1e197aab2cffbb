using Holdfast.AspNetCore;
using Holdfast.Control;
using Holdfast.Issuer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.Cli.Up;

/// <summary>The two servers, composed as a host of one's own would: nothing is read from the environment.</summary>
internal static class UpServers
{
    /// <summary>The issuer.</summary>
    public static WebApplication Issuer(UpPlan plan)
    {
        WebApplicationBuilder builder = NewBuilder(plan, plan.Ports.Issuer, plan.Ports.IssuerTls);
        HoldfastIssuerBuilder issuer = builder.Services.AddHoldfastIssuer(options =>
        {
            options.Issuer = plan.IssuerUrl;
            options.DataDirectory = plan.Directory["issuer"];
            options.SingleInstance = true;
            options.NoPredecessor = plan.Directory.IsNew;
            options.NonceMode = plan.NonceMode;
            // The drill fails to authenticate on purpose, and from the address of everybody here.
            options.RateLimits.FailedAuthenticationsPerMinute = 100_000;
            options.MutualTls.EndpointAlias = plan.IssuerTlsUrl;
            options.MutualTls.TrustedCertificateAuthorityFiles = [plan.Certificates.CaPath];
            options.Resources.Add(new IssuerResourceOptions
            {
                Identifier = plan.ApiUrl,
                AlternateIdentifiers = [plan.ApiTlsUrl],
                Scopes = [OrdersApi.Read, OrdersApi.Write, HoldfastDefaults.DiagnosticsScope],
            });
            options.Clients.Add(new IssuerClientOptions
            {
                ClientId = DemoClient.ClientId,
                JwksFile = plan.Client.JwksPath,
                Scopes = [OrdersApi.Read, OrdersApi.Write, HoldfastDefaults.DiagnosticsScope],
                Resources = [plan.ApiUrl],
            });
            // Its tokens are bound to its certificate, and to a key as well where it sends a proof.
            options.Clients.Add(new IssuerClientOptions
            {
                ClientId = MtlsClient.ClientId,
                AuthenticationMethod = ClientAuthenticationMethods.TlsClientAuth,
                TlsClientAuthSubjectDn = MtlsClient.Subject,
                Scopes = [OrdersApi.Read, OrdersApi.Write, HoldfastDefaults.DiagnosticsScope],
                Resources = [plan.ApiUrl],
            });
            options.Clients.Add(BrowserClient.Options(plan));
            options.Resources.Add(new IssuerResourceOptions { Identifier = plan.AdminUrl, Scopes = [HoldfastControlDefaults.AdminScope, HoldfastControlDefaults.ReadScope] });
            options.Clients.Add(new IssuerClientOptions
            {
                ClientId = AdminClient.ClientId,
                JwksFile = plan.Admin.JwksPath,
                Scopes = [HoldfastControlDefaults.AdminScope, HoldfastControlDefaults.ReadScope],
                Resources = [plan.AdminUrl],
            });
        });
        issuer.UseDevelopmentSignIn(plan);
        builder.Services.AddHoldfastStorage(options => options.DataDirectory = plan.Directory["issuer"]);
        AddReplay(builder, plan);
        builder.Services.AddHoldfastControl(options =>
        {
            options.Issuer = plan.IssuerUrl;
            options.SingleInstance = plan.Postgres is null;
            options.NonceMode = plan.NonceMode;
        });
        WebApplication app = builder.Build();
        UseCommon(app);
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapHoldfastIssuer();
        app.MapDevelopmentSignIn();
        app.MapHoldfastControl();
        return app;
    }

    /// <summary>The protected API.</summary>
    public static WebApplication Api(UpPlan plan)
    {
        WebApplicationBuilder builder = NewBuilder(plan, plan.Ports.Api, plan.Ports.ApiTls);
        AddReplay(builder, plan);
        builder.Services.AddAuthentication().AddHoldfast(options =>
        {
            options.Issuer = plan.IssuerUrl;
            options.Audience = plan.ApiUrl;
            options.ResourceName = "orders";
            options.SingleInstance = plan.Postgres is null;
            options.NonceMode = plan.NonceMode;
            options.PublicOrigins =
            [
                plan.ApiUrl, FormattableString.Invariant($"http://127.0.0.1:{plan.Ports.Api}"),
                plan.ApiTlsUrl, FormattableString.Invariant($"https://127.0.0.1:{plan.Ports.ApiTls}"),
            ];
            options.ScopesSupported = [OrdersApi.Read, OrdersApi.Write];
        });
        builder.Services.AddOrders();
        builder.Services.AddBrowserAccess();
        WebApplication app = builder.Build();
        UseCommon(app);
        app.UseRouting();
        app.UseCors();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapOrders();
        app.MapHoldfastDiagnostics();
        return app;
    }

    // Registered first, so that the door uses it: what it cannot know is whether anyone accepted proofs here before.
    private static void AddReplay(WebApplicationBuilder builder, UpPlan plan)
    {
        if (plan.Postgres is { } database)
        {
            builder.Services.AddPostgreSqlReplay(options => options.ConnectionString = database);
            return;
        }
        builder.Services.AddSingleton<IReplayStore>(services => new EmbeddedReplayStore(
            new EmbeddedReplayStoreOptions { SingleInstance = true, NoPredecessor = plan.Directory.IsNew }, services.GetRequiredService<VerifierClock>()));
    }

    private static WebApplicationBuilder NewBuilder(UpPlan plan, int port, int tlsPort)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = OrdersApi.MaxBody;
            // 'localhost' is both loopback addresses, as far as this machine has them.
            kestrel.ListenLocalhost(port);
            // MTLS-38, RFC 8705 §5: certificates are asked for at ports of their own, so that no browser ever is.
            kestrel.ListenLocalhost(tlsPort, listener => listener.UseHttps(https =>
            {
                https.ServerCertificate = plan.Certificates.Server;
                https.AcceptClientCertificates();
            }));
        });
        builder.Logging.AddProvider(new QuietLogger(plan.OnNotice)).SetMinimumLevel(LogLevel.Warning)
            // Its warnings are about connections that a caller broke off, as many as he likes.
            .AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        builder.Services.AddRoutingCore();
        // Issuer, API and their callers share one machine here, so a backlog says nothing about any of them.
        builder.Services.Configure<VerifierGateOptions>(gate => gate.MaxBacklogPerProcessor = null);
        // No proxy is in front: whoever sends a certificate in a field has made it up.
        builder.Services.AddClientCertificates();
        builder.Services.AddSingleton(plan.Time);
        builder.Services.AddSingleton<IVerificationObserver>(plan.Signals);
        return builder;
    }

    // Whatever goes wrong inside is told to the operator; the caller learns that it did.
    private static void UseCommon(WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            // A body that is too large or broken is the caller's fault, wherever it was read.
            ExceptionHandler = context => context.Features.Get<IExceptionHandlerFeature>()?.Error is BadHttpRequestException malformed
                ? OrdersApi.RefuseAsync(context, malformed.StatusCode, "The request cannot be read, or is too large.")
                : OrdersApi.RefuseAsync(context, StatusCodes.Status500InternalServerError, "The server failed."),
            SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException,
        });
        // What routing itself refuses has no body yet; what the verifier refuses needs none.
        app.UseStatusCodePages(pages => pages.HttpContext.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => OrdersApi.RefuseAsync(pages.HttpContext, StatusCodes.Status404NotFound, "There is nothing here."),
            StatusCodes.Status405MethodNotAllowed => OrdersApi.RefuseAsync(pages.HttpContext, StatusCodes.Status405MethodNotAllowed, "Not with this method."),
            _ => Task.CompletedTask,
        });
    }
}
