using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Holdfast.Storage;

/// <summary>Not ready while the database does not answer.</summary>
internal sealed class StorageHealthCheck(IStateDatabase database) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(database.Health.Problem is { } problem ? new(context.Registration.FailureStatus, $"{StorageStartup.Capitalized(database.Name)} does not answer: {problem}.") : HealthCheckResult.Healthy());
}
