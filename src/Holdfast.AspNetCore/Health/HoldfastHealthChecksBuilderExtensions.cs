using Holdfast.AspNetCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the replay self-test to an application's health checks.</summary>
public static class HoldfastHealthChecksBuilderExtensions
{
    /// <summary>
    /// A made-up proof must be accepted once and refused the second time, by the verifier of each scheme. Unhealthy where it is not: the store cannot be asked, is full,
    /// waits for the end of a restart fence without nonces, or accepts replays; the description says which. Degraded where this node does without the shared records
    /// (<c>ReplayLoss.Nonce</c>). Run at most once a second. The same test runs when the host starts, and a replay that is accepted stops the start.
    /// </summary>
    /// <remarks>The description is for operators: it may name the database. The answer of <c>MapHealthChecks</c> does not show it unless told to.</remarks>
    public static IHealthChecksBuilder AddHoldfastReplay(this IHealthChecksBuilder builder, string name = "holdfast-replay", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(name,
            provider => new ReplayHealthCheck(provider.GetService<ReplaySelfTests>() ?? throw new InvalidOperationException("AddHoldfastReplay: nothing here verifies proofs; add a scheme with AddHoldfast or AddSenderConstraint, or the issuer.")),
            failureStatus, tags));
    }
}
