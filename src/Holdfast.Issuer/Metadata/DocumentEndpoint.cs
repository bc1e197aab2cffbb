using Microsoft.AspNetCore.Http;

namespace Holdfast.Issuer;

/// <summary>Serves a document that was written once at start: metadata and keys. Anyone may read it, from any origin.</summary>
internal sealed class DocumentEndpoint(byte[] body)
{
    public Task HandleAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "public, max-age=300";
        context.Response.Headers.AccessControlAllowOrigin = "*";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
