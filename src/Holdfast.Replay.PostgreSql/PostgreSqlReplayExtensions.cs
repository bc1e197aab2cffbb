using Holdfast;
using Holdfast.AspNetCore;
using Holdfast.Replay.PostgreSql;
using Holdfast.Replay.PostgreSql.Internal;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Shares replay records, nonce keys and epochs with other nodes through PostgreSQL.</summary>
public static class PostgreSqlReplayExtensions
{
    /// <summary>
    /// Behind <c>AddHoldfast</c> or <c>AddSenderConstraint</c>: this API's nodes, and whatever else uses the same schema, accept each proof once among them. Nonces are then
    /// asked for on demand, unless the application says otherwise. See <see cref="PostgreSqlReplayOptions.ConnectionString"/>.
    /// </summary>
    public static AuthenticationBuilder UsePostgreSqlReplay(this AuthenticationBuilder builder, string connectionString, Action<PostgreSqlReplayOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddPostgreSqlReplay(options =>
        {
            options.ConnectionString = connectionString;
            configure?.Invoke(options);
        });
        return builder;
    }

    /// <summary>The same for a host of another kind, such as an issuer: in place of the replay store and nonces that are registered so far.</summary>
    public static IServiceCollection AddPostgreSqlReplay(this IServiceCollection services, Action<PostgreSqlReplayOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<PostgreSqlReplayOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PostgreSqlReplayOptions>, PostgreSqlReplayOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<VerifierClock>();
        services.TryAddSingleton<PostgreSqlReplayStore>();
        services.Replace(ServiceDescriptor.Singleton<IReplayStore>(provider => provider.GetRequiredService<PostgreSqlReplayStore>()));
        foreach (VerifierRole role in Enum.GetValues<VerifierRole>())
        {
            services.RemoveAllKeyed<IDPoPNonces>(role);
            services.AddKeyedSingleton<IDPoPNonces>(role, (provider, _) =>
                new PostgreSqlReplayNonces(provider.GetRequiredService<PostgreSqlReplayStore>(), role, provider.GetRequiredService<VerifierClock>()));
        }
        services.PostConfigureAll<HoldfastOptions>(options => options.NonceMode ??= NonceMode.OnDemand);
        return services;
    }
}
