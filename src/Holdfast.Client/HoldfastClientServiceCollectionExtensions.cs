using Holdfast.Client;
using Holdfast.Client.Internal;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Switches bound tokens on for an <see cref="HttpClient"/>.</summary>
public static class HoldfastClientServiceCollectionExtensions
{
    /// <summary>Registers a client of an authorization server, for <see cref="IHoldfastTokens"/> and for <see cref="AddHoldfast(IHttpClientBuilder, string)"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="clientName">A name of your own for it.</param>
    /// <param name="configure">Settings in code; they win over the configuration section <c>Holdfast:Clients:NAME</c>.</param>
    public static IServiceCollection AddHoldfastClient(
        this IServiceCollection services, string clientName, Action<HoldfastClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(clientName);

        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ClientRegistry>();
        services.TryAddSingleton<IHoldfastTokens>(provider => provider.GetRequiredService<ClientRegistry>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<HoldfastClientOptions>, ConfigurationReader>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HoldfastClientOptions>, OptionsValidator>());
        services.AddHttpClient(HoldfastClientDefaults.BackchannelName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<HttpClientFactoryOptions>, BackchannelHandlers>());

        OptionsBuilder<HoldfastClientOptions> options = services.AddOptions<HoldfastClientOptions>(clientName).ValidateOnStart();
        if (configure is not null)
            options.Configure(configure);
        return services;
    }

    /// <summary>
    /// Gives every request of this <see cref="HttpClient"/> a bound token and a proof of its own (RFC 9449 §7). Sits below every other
    /// handler, whatever the order of registration, so that a retry by one of them is signed anew. Redirects are followed here:
    /// signed anew within the origin, without token and proof outside of it.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="clientName">The name given to <see cref="AddHoldfastClient"/>, or of a configuration section.</param>
    public static IHttpClientBuilder AddHoldfast(this IHttpClientBuilder builder, string clientName)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddHoldfastClient(clientName);
        // After every Configure, so after every handler that anybody adds.
        builder.Services.PostConfigure<HttpClientFactoryOptions>(builder.Name, options => InnermostHandler.Append(options, clientName));
        return builder;
    }

    /// <summary>Registers the client and switches it on in one call.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="clientName">A name of your own for it.</param>
    /// <param name="configure">Settings in code; they win over the configuration section <c>Holdfast:Clients:NAME</c>.</param>
    public static IHttpClientBuilder AddHoldfast(this IHttpClientBuilder builder, string clientName, Action<HoldfastClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.AddHoldfastClient(clientName, configure);
        return builder.AddHoldfast(clientName);
    }
}
