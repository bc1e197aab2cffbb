using Holdfast.Registry;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Issuer;

/// <summary>
/// Serves a document that follows from the registry: metadata and keys. Written once for each state of the keys at a snapshot. Anyone may read it, from any origin; so at any rate of
/// requests the database is asked once a second.
/// </summary>
internal sealed class DocumentEndpoint(IssuerRegistry registry, IssuerKeyRings rings, Func<IssuerKeyRing, byte[]> write)
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
        // LIFE-07: for how long a verifier may go by it.
        context.Response.Headers.CacheControl = "public, max-age=300";
        context.Response.Headers.AccessControlAllowOrigin = "*";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private byte[] Of(IssuerSnapshot snapshot)
    {
        IssuerKeyRing ring = rings.Of(snapshot);
        if (_written is { } written && ReferenceEquals(written.Ring, ring))
            return written.Body;
        byte[] body = write(ring);
        _written = new(ring, body);
        return body;
    }

    private sealed record Written(IssuerKeyRing Ring, byte[] Body);
}
