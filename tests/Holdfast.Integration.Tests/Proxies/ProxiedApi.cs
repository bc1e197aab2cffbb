using System.Net;
using System.Text.Json.Nodes;
using Holdfast.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.Integration.Tests;

/// <summary>
/// An API with <c>AddHoldfast</c> behind all the proxies: a listener for each, in its format. Whoever gets in is told what arrived.
/// </summary>
internal sealed class ProxiedApi : IAsyncDisposable
{
    /// <summary>Wide enough for no test to meet it; a certificate and two tokens are a few kilobytes.</summary>
    private const int MaxHeaders = 128 * 1024;

    private readonly WebApplication _app;

    private ProxiedApi(WebApplication app) => _app = app;

    public static async Task<ProxiedApi> StartAsync(ProxyBackground ground)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaders;
            foreach (ProxyPlan plan in ground.Plans)
            {
                if (plan.Proxy.UsesUnixSocket)
                    kestrel.ListenUnixSocket(plan.ApiSocket);
                else
                    kestrel.Listen(IPAddress.Loopback, plan.ApiPort);
            }
        });
        // As any host has it that logs: then each request is an activity, and signals name the caller's trace.
        builder.Logging.AddProvider(new HostedLikeAnyOther());
        builder.Services.AddRouting().AddAuthorization();
        builder.Services.AddSingleton(ground.ApiSignals);
        // No predecessor has accepted anything: the ground is new.
        builder.Services.AddSingleton<IReplayStore>(provider =>
            new EmbeddedReplayStore(new EmbeddedReplayStoreOptions { NoPredecessor = true }, provider.GetRequiredService<VerifierClock>()));
        builder.Services.AddAuthentication().AddHoldfast(options =>
        {
            options.Issuer = ground.Issuer;
            options.Audience = ground.Audience;
            options.NonceMode = NonceMode.OnDemand;
            // FWD-64: the prefix is taken off by the proxy, and is part of what clients sign.
            options.PublicOrigins = [.. ground.Plans.SelectMany(plan => new PublicOrigin[] { plan.Origin(ProxyShape.Api), plan.Origin(ProxyShape.Api) + ProxyBackground.Prefix })];
        });
        foreach (ProxyPlan plan in ground.Plans)
            builder.Services.AddForwardedClientCertificates(proxy => Declare(proxy, plan, ground.Secret));

        WebApplication app = builder.Build();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.Map("/{**path}", EchoAsync).RequireAuthorization();
        await app.StartAsync();
        foreach (ProxyPlan plan in ground.Plans.Where(plan => plan.Proxy.UsesUnixSocket))
            ProxyUser.MayConnect(plan.ApiSocket);
        return new(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Declare(ForwardedClientCertificateOptions proxy, ProxyPlan plan, string secret)
    {
        proxy.Format = plan.Proxy.Name;
        if (plan.Proxy.UsesUnixSocket)
            (proxy.UnixSocket, proxy.Trust.UnixSocket) = (plan.ApiSocket, true);
        else
            (proxy.Port, proxy.Trust.Addresses) = (plan.ApiPort, ["127.0.0.1"]);
        if (plan.Proxy.UsesSecret)
            proxy.Trust.Secrets = [secret];
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var echo = new JsonObject
        {
            ["method"] = context.Request.Method,
            ["url"] = context.Features.Get<IHttpRequestFeature>()!.RawTarget,
            ["fields"] = new JsonArray([.. context.Request.Headers.SelectMany(field => field.Value.Select(line => new JsonArray(field.Key.ToLowerInvariant(), line)))]),
            ["body"] = await reader.ReadToEndAsync(context.RequestAborted),
        };
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(echo.ToJsonString(), context.RequestAborted);
    }

    private sealed class HostedLikeAnyOther : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Critical;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) { }

        public void Dispose() { }
    }
}
