using Microsoft.AspNetCore.Authorization;

namespace Holdfast.AspNetCore;

/// <summary>
/// Marks a controller, an action or an endpoint as sender-constrained (DPOP-RS-24): callers must be authenticated, and in
/// <see cref="SenderConstraintMode.Require"/> by a bound token.
/// </summary>
/// <remarks>
/// It is authorization data as well, so an endpoint that carries it is never open by omission: without authorization middleware
/// the request fails, and a request authenticated by another scheme, alone or as well, or before its endpoint was known, does not satisfy it.
/// Claims transformations add claims to the identity there is, or an identity without an authentication type.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SenderConstraintAttribute(SenderConstraintMode mode = SenderConstraintMode.Require)
    : Attribute, ISenderConstraintMetadata, IAuthorizeData, IAuthorizationRequirementData
{
    /// <inheritdoc/>
    public SenderConstraintMode Mode { get; } = mode;

    /// <inheritdoc/>
    public string? Policy { get; set; }

    /// <inheritdoc/>
    public string? Roles { get; set; }

    /// <inheritdoc/>
    public string? AuthenticationSchemes { get; set; }

    /// <inheritdoc/>
    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new SenderConstraintRequirement(Mode)];
}
