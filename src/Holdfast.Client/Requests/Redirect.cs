using System.Net;
using Holdfast.Client.Internal;

namespace Holdfast.Client.Requests;

/// <summary>One request on its way: where to, how, with which body, and whether token and proof go along.</summary>
internal readonly record struct Hop(HttpMethod Method, Uri Uri, RepeatableContent Content, bool WithToken, bool WithBody);

/// <summary>Where a redirect leads (RFC 9110 §15.4), by the method rules of <see cref="HttpClient"/>.</summary>
internal static class Redirect
{
    /// <summary>False where the response is the caller's: no redirect, or one that must not be followed.</summary>
    public static bool TryFollow(HttpResponseMessage response, Hop from, out Hop to)
    {
        to = from;
        if (response.StatusCode is not (HttpStatusCode.MultipleChoices or HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
            || response.Headers.Location is not { } location)
            return false;
        if (!Uri.TryCreate(from.Uri, location, out Uri? target) || !Origins.IsHttp(target))
            return false;
        // Never from encrypted to unencrypted, with or without a token.
        if (from.Uri.Scheme is "https" && target.Scheme is "http")
            return false;

        bool toGet = response.StatusCode switch
        {
            HttpStatusCode.SeeOther => from.Method != HttpMethod.Get && from.Method != HttpMethod.Head,
            HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect => false,
            _ => from.Method == HttpMethod.Post,
        };
        to = new Hop(
            toGet ? HttpMethod.Get : from.Method,
            target,
            from.Content,
            // DPOP-C-18, RFC 9449 §4.2: out of the origin goes neither token nor proof, and a foreign server cannot lead them back in.
            from.WithToken && Origins.AreSame(from.Uri, target),
            from.WithBody && !toGet);
        return true;
    }
}
