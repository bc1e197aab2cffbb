using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Holdfast.AspNetCore;

/// <summary>The HTTP fields of RFC 9449 on an ASP.NET Core request and response; used by every door and by the issuer.</summary>
public static class DPoPFields
{
    /// <summary>The request field that carries the proof (RFC 9449 §4.1).</summary>
    public const string DPoP = "DPoP";

    /// <summary>The response field that offers a nonce (RFC 9449 §8, §9).</summary>
    public const string Nonce = "DPoP-Nonce";

    /// <summary>The lines of a field as they arrived. Copies nothing for one line; an empty line counts as present.</summary>
    public static FieldLines Read(StringValues values) => values.Count switch
    {
        0 => FieldLines.None,
        1 => values[0] ?? "",
        _ => Array.ConvertAll(values.ToArray(), static line => line ?? ""),
    };

    /// <summary>
    /// Offers a nonce with the response, whatever the application writes later: exactly one <c>DPoP-Nonce</c> line, never stored
    /// by a cache. Does nothing where the response has started.
    /// </summary>
    public static void OfferNonce(HttpResponse response, string nonce)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(nonce);
        if (!response.HasStarted)
            response.OnStarting(static state => Write((NonceOffer)state), new NonceOffer(response, nonce));
    }

    private static Task Write(NonceOffer offer)
    {
        // DPOP-RS-21, RFC 9449 §8.2: the next nonce may come with any response; the last one offered wins.
        offer.Response.Headers[Nonce] = offer.Nonce;
        // DPOP-RS-29, RFC 9449 §8.2: a cached nonce would be handed to others, and late.
        offer.Response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }

    private sealed record NonceOffer(HttpResponse Response, string Nonce);
}
