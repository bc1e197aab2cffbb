using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Holdfast.AspNetCore;

/// <summary>
/// Remembers that the client really sent POST, before any middleware may override the method (DPOP-RS-28). The override
/// middleware of ASP.NET Core acts on POST only, so nothing else needs remembering.
/// </summary>
internal sealed class OriginalMethod
{
    private static readonly OriginalMethod Post = new();

    private OriginalMethod() { }

    public static string Of(HttpContext context) =>
        context.Features.Get<OriginalMethod>() is null ? context.Request.Method : HttpMethods.Post;

    /// <summary>Runs before everything the application adds.</summary>
    public sealed class Filter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(static pipeline => context =>
            {
                if (string.Equals(context.Request.Method, HttpMethods.Post, StringComparison.Ordinal))
                    context.Features.Set(Post);
                return pipeline(context);
            });
            next(app);
        };
    }
}
