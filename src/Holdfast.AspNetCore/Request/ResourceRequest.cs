using Microsoft.AspNetCore.Http;

namespace Holdfast.AspNetCore;

/// <summary>What a request to a resource presents, read in one place for all that asks the verifier.</summary>
internal static class ResourceRequest
{
    // DPOP-RS-26, RFC 9449 §11.7: this is all that a proof covers; body, query and other fields are not (docs/protect-an-api.md).
    public static PresentedRequest Read(HttpContext context, IReadOnlyList<HttpTarget> targets, bool tokenOutsideHeader, SenderConstraintMode? routeMode) => new()
    {
        // DPOP-RS-28: method and target as the client really sent them, whatever middleware made of them.
        Method = OriginalRequest.MethodOf(context),
        Targets = targets,
        // DPOP-RS-17, RFC 9449 §7.1: never from Proxy-Authorization.
        // DPOP-V-01, DPOP-RS-07: lines, never a joined value, so that a second one is seen.
        Authorization = DPoPFields.Read(context.Request.Headers.Authorization),
        DPoP = DPoPFields.Read(context.Request.Headers[DPoPFields.DPoP]),
        Certificate = ClientCertificates.Of(context),
        TokenOutsideHeader = tokenOutsideHeader,
        RouteMode = routeMode,
    };
}
