using System.Net.Sockets;
using Holdfast.AspNetCore;
using Holdfast.Guard.Internal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Holdfast.Guard;

/// <summary>A running guard.</summary>
public sealed class GuardServer : IAsyncDisposable
{
    // Long enough for the decisions that are under way.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly TimeProvider _time;

    private GuardServer(WebApplication app, TimeProvider time) => (_app, _time) = (app, time);

    /// <summary>The addresses as they are listened on: a port 0 is told as the port that was taken.</summary>
    public IReadOnlyList<string> Addresses => [.. _app.Urls];

    /// <summary>
    /// Starts it; it answers when this returns. What prevents it is a <see cref="GuardStartupException"/> (keys, data directory, a replay store that is missing or
    /// accepts replays), an <see cref="IOException"/> (an address that is taken or cannot be used), or whatever the services of the host throw. A shared store
    /// that cannot be reached does not: whether the guard is ready, <c>/health/ready</c> tells.
    /// </summary>
    public static async Task<GuardServer> StartAsync(GuardConfig config, GuardServerOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        options ??= new();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        GuardKestrel.Configure(builder.WebHost, config);
        options.ConfigureLogging?.Invoke(builder.Logging);
        AddServices(builder.Services, config, options);
        WebApplication app = builder.Build();
        var server = new GuardServer(app, options.Time);
        try
        {
            // Made before anything is listened on, so that a bad key stops the start and not the first request.
            GuardEndpoints endpoints = app.Services.GetRequiredService<GuardEndpoints>();
            app.Run(endpoints.HandleAsync);
            GuardStartup startup = app.Services.GetRequiredService<GuardStartup>();
            startup.Refuse();
            startup.Announce();
            // The first fetch begins now, so that readiness does not wait for the first request.
            app.Services.GetRequiredService<GuardIssuers>().Missing();
            await startup.TryOutAsync(cancellationToken);
            await app.StartAsync(cancellationToken);
            return server;
        }
        catch (Exception failure) when (failure is SocketException or UnauthorizedAccessException)
        {
            await server.DisposeAsync();
            throw new IOException(failure.Message, failure);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Answers what is under way, and no more.</summary>
    public async Task StopAsync()
    {
        using var patience = new CancellationTokenSource(StopLimit, _time);
        if (_app.Lifetime.ApplicationStarted.IsCancellationRequested)
            await _app.StopAsync(patience.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
    }

    private static void AddServices(IServiceCollection services, GuardConfig config, GuardServerOptions options)
    {
        services.AddSingleton(config);
        services.AddSingleton(options.Time);
        services.AddHttpClient(HoldfastDefaults.IssuerHttpClient, IssuerClient.Configure).ConfigurePrimaryHttpMessageHandler(IssuerClient.CreateHandler);
        options.ConfigureServices?.Invoke(services);
        services.TryAddSingleton<VerifierClock>();
        services.TryAddSingleton<IReplayStore>(provider => new EmbeddedReplayStore(new EmbeddedReplayStoreOptions
        {
            Capacity = config.ReplayCapacity,
            QuotaPerKey = config.ReplayQuotaPerKey,
            SingleInstance = config.SingleInstance,
        }, provider.GetRequiredService<VerifierClock>()));
        foreach (ForwardedClientCertificateOptions declared in config.Listeners.Select(listener => listener.ForwardedCertificate).OfType<ForwardedClientCertificateOptions>())
        {
            services.AddForwardedClientCertificates(proxy =>
                (proxy.Port, proxy.UnixSocket, proxy.Format, proxy.Field, proxy.XfccHops, proxy.Trust)
                    = (declared.Port, declared.UnixSocket, declared.Format, declared.Field, declared.XfccHops, declared.Trust));
        }
        services.AddSingleton<ResourceNonces>();
        services.TryAddSingleton<VerificationReporter>();
        services.AddVerifierGate();
        services.AddSingleton<ReplaySelfTests>();
        services.AddSingleton<ReplaySelfTestSource>(provider => () => provider.GetRequiredService<GuardedResources>().SelfTests);
        services.AddSingleton<GuardIssuers>();
        services.AddSingleton<GuardedResources>();
        services.AddSingleton(new RouteTable(config.Routes));
        services.AddSingleton(new ContextKeyFile(config.DataDirectory));
        services.AddSingleton(provider => new ContextKeys(provider.GetRequiredService<ContextKeyFile>(), config.ContextKeyLifetime,
            provider.GetRequiredService<VerifierClock>(), provider.GetRequiredService<ILogger<ContextKeys>>()));
        services.AddSingleton(provider => new ContextWriter(config.Name, provider.GetRequiredService<ContextKeys>(), provider.GetRequiredService<VerifierClock>()));
        services.AddSingleton<Authorizer>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<GuardStartup>();
        services.AddSingleton<GuardEndpoints>();
    }
}
