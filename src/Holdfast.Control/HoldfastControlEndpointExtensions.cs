using Holdfast.Control;
using Holdfast.Registry;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the admin API.</summary>
public static class HoldfastControlEndpointExtensions
{
    /// <summary>
    /// Maps the admin API below the issuer's path. Use authentication and authorization between routing and this, as for every API.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no registry: no <see cref="IRegistryStore"/> or no <see cref="IRegistryRules"/>.</exception>
    /// <exception cref="OptionsValidationException">The options are not valid.</exception>
    public static IEndpointConventionBuilder MapHoldfastControl(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        IServiceProviderIsService known = endpoints.ServiceProvider.GetRequiredService<IServiceProviderIsService>();
        foreach (Type needed in new[] { typeof(IRegistryStore), typeof(IRegistryRules) })
        {
            if (!known.IsService(needed))
                throw new InvalidOperationException($"The admin API needs {needed.Name}: add AddHoldfastStorage(…) and AddHoldfastIssuer(…) to the same services.");
        }
        HoldfastControlOptions options = endpoints.ServiceProvider.GetRequiredService<IOptions<HoldfastControlOptions>>().Value;
        RouteGroupBuilder group = endpoints.MapGroup(new Uri(options.Issuer).AbsolutePath.TrimEnd('/') + options.Path);
        endpoints.ServiceProvider.GetRequiredService<ControlEndpoints>().Map(group);
        return group;
    }
}
