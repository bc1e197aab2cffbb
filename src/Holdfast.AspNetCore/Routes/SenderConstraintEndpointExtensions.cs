using Holdfast;
using Holdfast.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Sender constraint on endpoints and groups.</summary>
public static class SenderConstraintEndpointExtensions
{
    /// <summary>
    /// Demands authenticated callers, and in <see cref="SenderConstraintMode.Require"/> a bound token, on these endpoints. The
    /// strictest of all modes that apply wins; this never loosens the resource's own.
    /// </summary>
    public static TBuilder RequireSenderConstraint<TBuilder>(this TBuilder builder, SenderConstraintMode mode = SenderConstraintMode.Require)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Add(endpoint => endpoint.Metadata.Add(new SenderConstraintAttribute(mode)));
        return builder;
    }
}
