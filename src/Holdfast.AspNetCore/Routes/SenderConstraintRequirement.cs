using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Holdfast.AspNetCore;

/// <summary>
/// Holds where the verifier accepted the request in a mode at least as strict as the endpoint's. It fails where authentication ran before
/// routing and so did not know the endpoint, or where another scheme authenticated the caller, be it beside a good proof.
/// </summary>
internal sealed record SenderConstraintRequirement(SenderConstraintMode Mode) : IAuthorizationRequirement;

internal sealed class SenderConstraintRequirementHandler(HoldfastSchemes schemes, IHttpContextAccessor? accessor = null) : AuthorizationHandler<SenderConstraintRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, SenderConstraintRequirement requirement)
    {
        HttpContext? http = context.Resource as HttpContext ?? accessor?.HttpContext;
        // DPOP-RS-24: a route marked sender-constrained refuses unbound tokens, whatever the resource's own mode.
        if (http?.Features.Get<IHoldfastFeature>() is HoldfastFeature { Verdict.IsAccepted: true } feature
            && (feature.Mode == SenderConstraintMode.Require || requirement.Mode == SenderConstraintMode.Observe) && IsOurs(context.User, feature))
        {
            context.Succeed(requirement);
        }
        return Task.CompletedTask;
    }

    // A thief can add a good token and proof of his own to a stolen session; the endpoint would then see the session's user.
    private bool IsOurs(ClaimsPrincipal user, HoldfastFeature feature) =>
        user.Identities.Any(identity => identity.IsAuthenticated) && user.Identities.All(identity => !identity.IsAuthenticated || IsOurs(identity, feature));

    private bool IsOurs(ClaimsIdentity identity, HoldfastFeature feature) => feature.Label is { } label
        ? ReferenceEquals(identity.Label, label)
        : schemes.Names.Contains(identity.AuthenticationType!) && !schemes.Foreign.Contains(identity.AuthenticationType!);
}
