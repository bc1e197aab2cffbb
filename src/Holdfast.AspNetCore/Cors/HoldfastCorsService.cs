using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;

namespace Holdfast.AspNetCore;

/// <summary>
/// Adds to whichever CORS policy allows an origin what a browser needs to prove possession: the fields it must read and those it
/// must send (DPOP-RS-18, RFC 9449 §7.1, §8). It widens neither origins nor methods.
/// </summary>
/// <remarks>The service is decorated, not the policy provider: policies written on an endpoint never pass a provider.</remarks>
internal sealed class HoldfastCorsService(ICorsService inner) : ICorsService
{
    public CorsResult EvaluatePolicy(HttpContext context, CorsPolicy policy)
    {
        CorsResult result = inner.EvaluatePolicy(context, policy);
        if (!result.IsOriginAllowed)
            return result;
        if (result.IsPreflightRequest)
        {
            // Named even beside a wildcard, which does not cover Authorization.
            Add(result.AllowedHeaders, DPoPFields.DPoP);
            Add(result.AllowedHeaders, "Authorization");
        }
        Add(result.AllowedExposedHeaders, DPoPFields.Nonce);
        Add(result.AllowedExposedHeaders, "WWW-Authenticate");
        return result;
    }

    public void ApplyResult(CorsResult result, HttpResponse response) => inner.ApplyResult(result, response);

    private static void Add(IList<string> names, string name)
    {
        if (!names.Contains(name, StringComparer.OrdinalIgnoreCase))
            names.Add(name);
    }
}
