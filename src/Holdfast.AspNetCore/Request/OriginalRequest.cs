using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Holdfast.AspNetCore;

/// <summary>
/// What the client really sent, kept from before any middleware may override the method, rewrite the path (DPOP-RS-28) or set another client
/// certificate (FWD-43).
/// </summary>
internal sealed class OriginalRequest
{
    private static readonly OriginalRequest Post = new(isPost: true, null);

    private readonly bool _isPost;
    private readonly X509Certificate2? _certificate;

    private OriginalRequest(bool isPost, X509Certificate2? certificate) => (_isPost, _certificate) = (isPost, certificate);

    public static string MethodOf(HttpContext context) =>
        context.Features.Get<OriginalRequest>() is { _isPost: true } ? HttpMethods.Post : context.Request.Method;

    /// <summary>The certificate as the server told it, where no TLS stream can be asked; null where there was none.</summary>
    public static X509Certificate2? CertificateOf(HttpContext context) => context.Features.Get<OriginalRequest>()?._certificate;

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
            bool isPost = string.Equals(context.Request.Method, HttpMethods.Post, StringComparison.Ordinal);
            X509Certificate2? certificate =
                context.Features.Get<ISslStreamFeature>() is null ? context.Features.Get<ITlsConnectionFeature>()?.ClientCertificate : null;
            if (certificate is not null)
                context.Features.Set(new OriginalRequest(isPost, certificate));
            else if (isPost)
                context.Features.Set(Post);
            // Every real server hands over the request line; the in-memory test server does not, so that applications can be tested too.
            if (context.Features.Get<IHttpRequestFeature>() is { } request && string.IsNullOrEmpty(request.RawTarget))
                request.RawTarget = context.Request.GetEncodedPathAndQuery();
        }
    }
}
