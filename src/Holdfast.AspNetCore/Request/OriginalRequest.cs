using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;

namespace Holdfast.AspNetCore;

/// <summary>
/// What the client really sent, kept from before any middleware may override the method or rewrite the path (DPOP-RS-28).
/// </summary>
internal sealed class OriginalRequest
{
    private static readonly OriginalRequest Post = new();

    private OriginalRequest() { }

    public static string MethodOf(HttpContext context) =>
        context.Features.Get<OriginalRequest>() is null ? context.Request.Method : HttpMethods.Post;

    /// <summary>Runs before everything the application adds.</summary>
    public sealed class Filter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(static pipeline => context =>
            {
                Keep(context);
                return pipeline(context);
            });
            next(app);
        };

        private static void Keep(HttpContext context)
        {
            // The override middleware of ASP.NET Core acts on POST only, so nothing else needs remembering.
            if (string.Equals(context.Request.Method, HttpMethods.Post, StringComparison.Ordinal))
                context.Features.Set(Post);
            // Every real server hands over the request line; the in-memory test server does not, so that applications can be tested too.
            if (context.Features.Get<IHttpRequestFeature>() is { } request && string.IsNullOrEmpty(request.RawTarget))
                request.RawTarget = context.Request.GetEncodedPathAndQuery();
        }
    }
}
