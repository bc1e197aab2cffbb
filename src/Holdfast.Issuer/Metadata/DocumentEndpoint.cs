using Holdfast.Registry;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Issuer;

/// <summary>
/// Serves a document that follows from the registry: metadata and keys. Written once for each snapshot. Anyone may read it, from any origin; so at any rate of
/// requests the database is asked once a second.
/// </summary>
internal sealed class DocumentEndpoint(IssuerRegistry registry, Func<IssuerSnapshot, byte[]> write)
{
    private volatile Written? _written;

    public async Task HandleAsync(HttpContext context)
    {
        byte[] body;
        try
        {
            body = Of(await registry.GetAsync(context.RequestAborted));
        }
        catch (StateUnavailableException) when (_written is { } last)
        {
            // What was true a moment ago: whoever needs it to verify tokens must not fail with the database (LIFE-08).
            body = last.Body;
        }
        catch (StateUnavailableException)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "1";
            return;
        }
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "public, max-age=300";
        context.Response.Headers.AccessControlAllowOrigin = "*";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private byte[] Of(IssuerSnapshot snapshot)
    {
        if (_written is { } written && ReferenceEquals(written.Snapshot, snapshot))
            return written.Body;
        byte[] body = write(snapshot);
        _written = new(snapshot, body);
        return body;
    }

    private sealed record Written(IssuerSnapshot Snapshot, byte[] Body);
}
