using Microsoft.AspNetCore.Http;

namespace Holdfast.AspNetCore;

/// <summary>The strictest mode that an endpoint's metadata asks for.</summary>
internal static class RouteMode
{
    public static SenderConstraintMode? Of(HttpContext context)
    {
        IReadOnlyList<ISenderConstraintMetadata>? marks = context.GetEndpoint()?.Metadata.GetOrderedMetadata<ISenderConstraintMetadata>();
        if (marks is null || marks.Count == 0)
            return null;
        for (int i = 0; i < marks.Count; i++)
        {
            if (marks[i].Mode == SenderConstraintMode.Require)
                return SenderConstraintMode.Require;
        }
        return SenderConstraintMode.Observe;
    }
}
