using Holdfast.Issuer;
using Holdfast.Registry;
using Holdfast.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps the issuer's state in a database.</summary>
public static class HoldfastStorageServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="IIssuerStore"/> and <see cref="IRegistryStore"/> over SQLite or PostgreSQL (<see cref="HoldfastStorageOptions"/>). The schema is brought up to date before
    /// the server listens; a database that cannot be used then is a <see cref="StorageStartupException"/>. One that is lost later is a <see cref="StateUnavailableException"/> in each
    /// call until it is back.
    /// </summary>
    public static IServiceCollection AddHoldfastStorage(this IServiceCollection services, Action<HoldfastStorageOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<HoldfastStorageOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HoldfastStorageOptions>, HoldfastStorageOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Pulse>();
        services.TryAddSingleton(static provider => new PulseNote(provider.GetRequiredService<IOptions<HoldfastStorageOptions>>().Value.DataDirectory));
        services.TryAddSingleton<IStateDatabase>(static provider => StateDatabase.Create(
            provider.GetRequiredService<IOptions<HoldfastStorageOptions>>().Value, provider.GetRequiredService<Pulse>(), provider.GetRequiredService<ILoggerFactory>()));
        services.TryAddSingleton(static provider => new Watch(provider.GetRequiredService<IStateDatabase>(), provider.GetRequiredService<Pulse>(),
            provider.GetRequiredService<PulseNote>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Watch>>()));
        services.TryAddSingleton<IIssuerStore, IssuerStore>();
        services.TryAddSingleton<IRegistryStore, RegistryStore>();
        // First of all hosted services: it begins before they do.
        if (services.All(static service => service.ImplementationType != typeof(StorageStartup)))
            services.Insert(0, ServiceDescriptor.Singleton<IHostedService, StorageStartup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, WatchService>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PurgeService>());
        return services;
    }
}
