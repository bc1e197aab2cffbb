using Holdfast;
using Holdfast.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the scheme that accepts sender-constrained tokens only from the caller they were issued to.</summary>
public static class HoldfastAuthenticationExtensions
{
    /// <summary>Adds the scheme under its usual name. The only scheme of an application is also its default.</summary>
    public static AuthenticationBuilder AddHoldfast(this AuthenticationBuilder builder, Action<HoldfastOptions> configure) =>
        builder.AddHoldfast(HoldfastDefaults.AuthenticationScheme, configure);

    /// <summary>
    /// Adds the scheme under a name of its own. Problems in the options are an <see cref="OptionsValidationException"/> when the host
    /// starts, all of them together. A replay store registered by the application is used; otherwise records are kept in memory. So are
    /// <see cref="IDPoPNonces"/> under the service key <see cref="VerifierRole.ResourceServer"/> (nodes that share a store share their nonces), and
    /// an <see cref="IAccessTokenVerifier"/> under the scheme's name (for tokens that are no JWTs of RFC 9068).
    /// </summary>
    public static AuthenticationBuilder AddHoldfast(this AuthenticationBuilder builder, string authenticationScheme, Action<HoldfastOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(authenticationScheme);
        ArgumentNullException.ThrowIfNull(configure);
        AddVerifier(builder.Services, authenticationScheme);
        builder.Services.AddOptions<HoldfastOptions>(authenticationScheme).ValidateOnStart();
        return builder.AddScheme<HoldfastOptions, HoldfastHandler>(authenticationScheme, configure);
    }

    internal static HoldfastSchemes AddVerifier(IServiceCollection services, string scheme)
    {
        if (services.FirstOrDefault(service => service.ServiceType == typeof(HoldfastSchemes))?.ImplementationInstance is HoldfastSchemes known)
        {
            known.Names.Add(scheme);
            return known;
        }
        var schemes = new HoldfastSchemes();
        schemes.Names.Add(scheme);
        services.AddSingleton(schemes);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HoldfastOptions>, HoldfastOptionsValidator>());
        services.AddOriginalRequest();
        services.TryAddSingleton<VerifierClock>();
        services.TryAddSingleton<IReplayStore>(CreateReplayStore);
        services.TryAddSingleton<ResourceNonces>();
        services.AddVerifierGate();
        services.TryAddSingleton<HoldfastResources>();
        services.TryAddSingleton<ReplaySelfTests>();
        services.AddSingleton<ReplaySelfTestSource>(provider => () => schemes.Names.Select(name => provider.GetRequiredService<HoldfastResources>().Get(name).SelfTest));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, HoldfastStartup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, SenderConstraintRequirementHandler>());
        services.AddHttpClient(HoldfastDefaults.IssuerHttpClient, IssuerClient.Configure).ConfigurePrimaryHttpMessageHandler(IssuerClient.CreateHandler);
        DecorateCors(services);
        return schemes;
    }

    private static EmbeddedReplayStore CreateReplayStore(IServiceProvider provider)
    {
        IOptionsMonitor<HoldfastOptions> options = provider.GetRequiredService<IOptionsMonitor<HoldfastOptions>>();
        List<HoldfastOptions> all = [.. provider.GetRequiredService<HoldfastSchemes>().Names.Select(options.Get)];
        return new EmbeddedReplayStore(new EmbeddedReplayStoreOptions
        {
            Capacity = all.Max(settings => settings.ReplayCapacity),
            // A scheme that names no quota has the default one of its own capacity; null would count as no wish at all.
            QuotaPerKey = all.Max(settings => settings.ReplayQuotaPerKey ?? Math.Max(1, settings.ReplayCapacity / 8)),
            SingleInstance = all.TrueForAll(settings => settings.SingleInstance),
        }, provider.GetRequiredService<VerifierClock>());
    }

    // Before or after AddCors: it only adds a service where there is none, and the last one registered is the one used.
    private static void DecorateCors(IServiceCollection services)
    {
        ServiceDescriptor? inner = services.LastOrDefault(service => service.ServiceType == typeof(ICorsService) && !service.IsKeyedService);
        services.Add(ServiceDescriptor.Transient<ICorsService>(provider => new HoldfastCorsService(inner switch
        {
            null => new CorsService(provider.GetRequiredService<IOptions<CorsOptions>>(), provider.GetRequiredService<ILoggerFactory>()),
            { ImplementationInstance: ICorsService instance } => instance,
            { ImplementationFactory: { } factory } => (ICorsService)factory(provider),
            _ => (ICorsService)ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!),
        })));
    }
}
