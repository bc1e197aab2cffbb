using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Holdfast.AspNetCore;

/// <summary>
/// The path and query of the request line as the client sent them. <see cref="HttpRequest.Path"/> is decoded, and rewritten by
/// middleware, so it is never compared with a proof (DPOP-RS-28).
/// </summary>
internal static class RawPath
{
    /// <summary>The path and query of an origin-form or absolute-form target (RFC 9112 §3.2); empty for anything else.</summary>
    public static ReadOnlySpan<char> Of(HttpContext context)
    {
        ReadOnlySpan<char> target = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        if (target.StartsWith("/", StringComparison.Ordinal))
            return target;
        if (!target.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !target.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            return default;
        // Of an absolute-form target only the path counts: its authority is the client's own claim.
        ReadOnlySpan<char> rest = target[(target.IndexOf("://", StringComparison.Ordinal) + 3)..];
        int end = rest.IndexOfAny('/', '?', '#');
        return end < 0 ? "/" : rest[end] == '/' ? rest[end..] : default;
    }
}
