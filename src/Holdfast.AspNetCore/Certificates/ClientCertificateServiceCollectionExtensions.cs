using Holdfast.AspNetCore;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What every door and the issuer need to tell a client certificate.</summary>
public static class ClientCertificateServiceCollectionExtensions
{
    /// <summary>
    /// Keeps what the server says of a request, its method, target and client certificate, from before any middleware changes them:
    /// <see cref="ClientCertificates.Of"/> reads it. <c>AddHoldfast</c> calls it; calling it again does nothing.
    /// </summary>
    public static IServiceCollection AddClientCertificates(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, OriginalRequest.Filter>());
        return services;
    }
}
