using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Holdfast.AspNetCore;

/// <summary>
/// Writes the answers of a resource (RFC 9449 §7.1, §9): the same for every authentication handler. Status and fields only: a body would start
/// the response, and another scheme of the same policy could no longer add its challenge, nor the application its own error page.
/// </summary>
internal static class ResourceAnswer
{
    private const string RetryAfterSeconds = "5";

    /// <summary>Offers the nonce that the verdict brings, if any.</summary>
    public static void OfferNonce(HttpContext context, Verdict verdict)
    {
        // DPOP-RS-19, DPOP-RS-21, RFC 9449 §9: a challenge for a nonce brings the nonce, and the next one may come with any response.
        if (verdict.OfferNonce is { } nonce)
            DPoPFields.OfferNonce(context.Response, nonce);
    }

    /// <summary>The challenge of a failure, or where the fault is ours the time after which to come again.</summary>
    public static void Challenge(HttpContext context, HoldfastResource resource, FailureInfo failure, Verdict verdict)
    {
        // DPOP-RS-09, RFC 9449 §7.1, §9: 401 and a DPoP challenge; 400 for a request that is malformed, 503 where the fault is ours.
        context.Response.StatusCode = failure.ResourceStatus;
        if (failure.ResourceStatus == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        else
            Append(context.Response, resource.Challenges.Of(failure, OffersBearer(context, resource), Used(context, verdict)));
    }

    /// <summary>403, and what is missing.</summary>
    public static void Forbid(HttpContext context, HoldfastResource resource)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        Append(context.Response, resource.Challenges.InsufficientScope(OffersBearer(context, resource), Challenges.Used(context.Request)));
    }

    /// <summary>True where a token may still come by the Bearer scheme.</summary>
    // DPOP-RS-16: beside DPoP where unbound tokens pass, and where certificate-bound ones do, which travel by this scheme (RFC 8705 §3).
    public static bool OffersBearer(HttpContext context, HoldfastResource resource) =>
        resource.UsesClientCertificates || resource.Strictest(RouteMode.Of(context)) == SenderConstraintMode.Observe;

    /// <summary>The scheme in whose challenge the error goes.</summary>
    public static ChallengeSchemes Used(HttpContext context, Verdict verdict) => verdict.UsedDPoPScheme ? ChallengeSchemes.DPoP : Challenges.Used(context.Request);

    /// <summary>Adds challenges: other schemes may have challenged before.</summary>
    public static void Append(HttpResponse response, StringValues challenges) =>
        response.Headers.WWWAuthenticate = StringValues.Concat(response.Headers.WWWAuthenticate, challenges);
}
