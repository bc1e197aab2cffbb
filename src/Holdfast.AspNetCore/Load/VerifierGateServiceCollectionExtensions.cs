using Holdfast.AspNetCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the gate that every door and the issuer ask before they verify.</summary>
public static class VerifierGateServiceCollectionExtensions
{
    /// <summary>Adds it; doors and the issuer do so themselves. Its bounds are <see cref="VerifierGateOptions"/>. Calling it again adds nothing.</summary>
    public static IServiceCollection AddVerifierGate(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<VerifierGate>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<VerifierGateOptions>, VerifierGateOptionsValidator>());
        services.AddOptions<VerifierGateOptions>().ValidateOnStart();
        return services;
    }
}
