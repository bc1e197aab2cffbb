using System.Net;
using System.Text.Json;
using Holdfast.AspNetCore;
using Holdfast.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Holdfast.Control;

/// <summary>One authorized request: who asks, and what for.</summary>
internal sealed class ControlRequest
{
    private readonly HttpContext _context;

    private ControlRequest(HttpContext context, RegistryActor actor) => (_context, Actor) = (context, actor);

    /// <summary>Who asks, as it is recorded.</summary>
    public RegistryActor Actor { get; }

    public CancellationToken Aborted => _context.RequestAborted;

    /// <summary>The request; or the refusal of one of which the door has not said whose it is.</summary>
    public static ControlAnswer? TryRead(HttpContext context, out ControlRequest? request)
    {
        request = null;
        // The verdict of the door itself, and not the claims: other code may add to those.
        if (context.Features.Get<IHoldfastFeature>()?.Verdict is not { IsAccepted: true, Token: { Confirmation.IsBound: true } token })
            return ControlAnswer.Problem(StatusCodes.Status403Forbidden, "The token is not bound to its caller.", []);
        IPAddress? address = context.Connection.RemoteIpAddress;
        request = new ControlRequest(context, new RegistryActor(token.ClientId,
            token.Confirmation.Jkt?.ToString() ?? token.Confirmation.X5tS256?.ToString(),
            address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4().ToString() : address?.ToString()));
        return null;
    }

    /// <summary>The parameters. Unknown ones and repeated ones are problems.</summary>
    public ControlQuery Query(params string[] names) => ControlQuery.Read(_context.Request.Query, names);

    /// <summary>What the caller believes about the entry: <c>If-Match</c> and <c>If-None-Match</c> (RFC 9110 §13.1).</summary>
    public ControlAnswer? TryReadCondition(bool isRequired, out EditCondition condition)
    {
        condition = default;
        string match = _context.Request.Headers.IfMatch.ToString(), noneMatch = _context.Request.Headers.IfNoneMatch.ToString();
        if (match.Length == 0 && noneMatch.Length == 0)
        {
            return isRequired
                ? ControlAnswer.Problem(StatusCodes.Status428PreconditionRequired, "Say what this replaces.",
                    ["Send If-None-Match: * for an entry that is new, If-Match with the ETag that was read for one to be changed, or If-Match: * to change it whatever it is."])
                : null;
        }
        if (match.Length == 0 && noneMatch == "*")
        {
            condition = EditCondition.MustBeNew;
            return null;
        }
        if (noneMatch.Length == 0 && match == "*")
            return null;
        if (noneMatch.Length == 0 && ControlAnswer.TryReadTag(match, out long revision))
        {
            condition = EditCondition.MustBe(revision);
            return null;
        }
        return ControlAnswer.Problem(StatusCodes.Status400BadRequest, "The condition cannot be read.", ["Send one of If-None-Match: *, If-Match: * and If-Match with one ETag of this API."]);
    }

    /// <summary>The body as JSON, at most <paramref name="limit"/> octets.</summary>
    public async Task<(JsonDocument? Document, ControlAnswer? Refusal)> ReadBodyAsync(int limit)
    {
        HttpRequest request = _context.Request;
        if (!request.HasJsonContentType())
            return (null, ControlAnswer.Problem(StatusCodes.Status415UnsupportedMediaType, "Send application/json.", []));
        if (request.ContentLength > limit)
            return (null, TooLarge(limit));
        // The server's own limit is for others; this one is counted here.
        if (_context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = limit;
        try
        {
            using var body = new MemoryStream();
            var buffer = new byte[16 * 1024];
            for (int count; (count = await request.Body.ReadAsync(buffer, Aborted)) > 0;)
            {
                if (body.Length + count > limit)
                    return (null, TooLarge(limit));
                body.Write(buffer, 0, count);
            }
            return (JsonDocument.Parse(body.ToArray(), new JsonDocumentOptions { MaxDepth = RegistryDocuments.MaxDepth }), null);
        }
        catch (JsonException failure)
        {
            return (null, ControlAnswer.Problem(StatusCodes.Status400BadRequest, "The body is not JSON.",
                [$"Line {(failure.LineNumber ?? 0) + 1}, octet {(failure.BytePositionInLine ?? 0) + 1} cannot be read."]));
        }
        catch (BadHttpRequestException failure)
        {
            return (null, failure.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLarge(limit)
                : ControlAnswer.Problem(failure.StatusCode, "The body cannot be read.", []));
        }
    }

    private static ControlAnswer TooLarge(int limit) =>
        ControlAnswer.Problem(StatusCodes.Status413PayloadTooLarge, "The body is too large.", [$"It may have {limit / 1024} KB."]);
}
