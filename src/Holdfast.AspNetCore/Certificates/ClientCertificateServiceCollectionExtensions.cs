using Holdfast.AspNetCore;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Client certificates: from TLS connections of this server, and from proxies.</summary>
public static class ClientCertificateServiceCollectionExtensions
{
    /// <summary>
    /// Says that client certificates count in this process, for whichever door asks <see cref="ClientCertificates.Of"/>. From here on every field that
    /// could pass for a forwarded certificate is taken from every request, counted and signalled, unless a proxy was declared that may send it.
    /// An API says the same with <see cref="HoldfastOptions.UseClientCertificates"/>. Calling it again does nothing.
    /// </summary>
    public static IServiceCollection AddClientCertificates(this IServiceCollection services)
    {
        services.AddOriginalRequest();
        return services.Configure<ClientCertificateDeclarations>(static declarations => declarations.IsUsed = true);
    }

    /// <summary>
    /// The same where <paramref name="isUsed"/> says so, for a part of the application whose own settings decide it: asked once, before the first request.
    /// </summary>
    public static IServiceCollection AddClientCertificates(this IServiceCollection services, Func<IServiceProvider, bool> isUsed)
    {
        ArgumentNullException.ThrowIfNull(isUsed);
        services.AddOriginalRequest();
        services.AddOptions<ClientCertificateDeclarations>().Configure<IServiceProvider>((declarations, provider) => declarations.IsUsed |= isUsed(provider));
        return services;
    }

    /// <summary>
    /// Declares one listener whose requests come from proxies that end TLS and hand their clients' certificates on; call it once a listener. On every other
    /// listener certificates come from its own TLS connections. Problems are an <see cref="OptionsValidationException"/> when the host starts,
    /// those of all listeners together; trusting everybody is one of them.
    /// </summary>
    /// <example><code>
    /// services.AddForwardedClientCertificates(proxy =>
    /// {
    ///     proxy.Port = 8080;
    ///     proxy.Format = "nginx";
    ///     proxy.Trust.Addresses = ["10.1.2.3"];
    /// });
    /// </code></example>
    public static IServiceCollection AddForwardedClientCertificates(this IServiceCollection services, Action<ForwardedClientCertificateOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOriginalRequest();
        return services.Configure<ClientCertificateDeclarations>(declarations =>
        {
            var listener = new ForwardedClientCertificateOptions();
            configure(listener);
            declarations.Listeners.Add(listener);
        });
    }

    /// <summary>What every door needs to know what the server itself says of a request.</summary>
    internal static void AddOriginalRequest(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<ClientCertificateDeclarations>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ClientCertificateDeclarations>, ClientCertificateDeclarationsValidator>());
        services.TryAddSingleton(static provider =>
            ForwardedCertificateListeners.Create([.. provider.GetRequiredService<IOptions<ClientCertificateDeclarations>>().Value.Listeners], []));
        services.TryAddSingleton<ClientCertificateUse>();
        services.TryAddSingleton<DroppedFieldReporter>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<VerificationReporter>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ForwardedCertificateStartup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, OriginalRequest.Filter>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, ForwardedCertificateFilter>());
    }
}
