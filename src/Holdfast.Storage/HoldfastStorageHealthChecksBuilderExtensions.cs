using Holdfast.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The health of the database.</summary>
public static class HoldfastStorageHealthChecksBuilderExtensions
{
    /// <summary>
    /// Not healthy while the database does not answer: whoever balances then leaves this process alone. Behind <c>AddHoldfastStorage</c>.
    /// </summary>
    public static IHealthChecksBuilder AddHoldfastStorage(this IHealthChecksBuilder builder, string name = "holdfast-storage", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(name, static provider => new StorageHealthCheck(provider.GetRequiredService<IStateDatabase>()), failureStatus, tags));
    }
}
