using Holdfast.Registry;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Holdfast.Issuer;

/// <summary>Not ready where this process cannot sign; degraded where the next key cannot be used here.</summary>
internal sealed class IssuerKeyHealthCheck(IssuerRegistry registry, TokenSigner signer, IssuerKeyLife life) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            if (signer.ProblemOf(await registry.GetAsync(cancellationToken)) is { } problem)
                return new(context.Registration.FailureStatus, problem);
            return life.Problem is { Length: > 0 } later ? HealthCheckResult.Degraded(later) : HealthCheckResult.Healthy();
        }
        catch (StateUnavailableException e)
        {
            return new(context.Registration.FailureStatus, e.Message);
        }
    }
}
