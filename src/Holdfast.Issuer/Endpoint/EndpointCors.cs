using Microsoft.AspNetCore.Http;

namespace Holdfast.Issuer;

/// <summary>
/// Lets scripts of any origin use the endpoints that clients call themselves (DPOP-AS-30). Safe, because an answer for any origin is kept from scripts that had the browser
/// add cookies or a client certificate (Fetch, CORS protocol and credentials): whoever reads it has brought the client's own credentials.
/// </summary>
internal static class EndpointCors
{
    public static bool IsPreflight(HttpContext context) =>
        HttpMethods.IsOptions(context.Request.Method) && context.Request.Headers.Origin.Count > 0
        && context.Request.Headers.AccessControlRequestMethod.Count > 0;

    public static void AnswerPreflight(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlAllowMethods = "POST";
        headers.AccessControlAllowHeaders = "DPoP, Authorization, Content-Type";
        headers.AccessControlMaxAge = "600";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public static void Expose(HttpContext context)
    {
        if (context.Request.Headers.Origin.Count == 0)
            return;
        context.Response.Headers.AccessControlAllowOrigin = "*";
        context.Response.Headers.AccessControlExposeHeaders = "DPoP-Nonce, WWW-Authenticate";
    }
}
