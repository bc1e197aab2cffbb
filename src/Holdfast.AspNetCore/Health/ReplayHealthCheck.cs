using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Holdfast.AspNetCore;

/// <summary>Tells the outcome of the self-tests as a health check.</summary>
internal sealed class ReplayHealthCheck(ReplaySelfTests tests) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await tests.RunAsync().WaitAsync(cancellationToken) switch
        {
            { Outcome: ReplaySelfTestOutcome.Passed, Reason: null } => HealthCheckResult.Healthy("a proof is accepted once"),
            // It goes by nonces and records of its own, and a proof is still accepted once: taking it out of service would help nobody.
            { Outcome: ReplaySelfTestOutcome.Passed, Reason: var reason } => HealthCheckResult.Degraded(reason),
            { Reason: var reason } => new(context.Registration.FailureStatus, reason),
        };
}
