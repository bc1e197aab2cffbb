using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Holdfast.AspNetCore;

/// <summary>
/// Looks for an <c>access_token</c> parameter where none may be (DPOP-RS-07, DPOP-RS-08; RFC 6750 §2.2, §2.3). Only a form of a declared,
/// small size is read, and left for the application to read again; no other body is touched.
/// </summary>
internal static class StrayToken
{
    private const string Parameter = "access_token";
    private const long MaxFormLength = 64 * 1024;

    public static bool InQuery(HttpRequest request)
    {
        string? query = request.QueryString.Value;
        if (string.IsNullOrEmpty(query))
            return false;
        foreach (QueryStringEnumerable.EncodedNameValuePair pair in new QueryStringEnumerable(query))
        {
            if (pair.DecodeName().Span.SequenceEqual(Parameter))
                return true;
        }
        return false;
    }

    public static async ValueTask<bool> InSmallFormAsync(HttpRequest request, CancellationToken cancellationToken) =>
        MayHaveForm(request) && await InFormAsync(request, cancellationToken);

    private static bool MayHaveForm(HttpRequest request) =>
        request.ContentLength is > 0 and <= MaxFormLength
        // The prefix tells the two kinds of form apart; whether the whole value is one, the framework says.
        && request.HasFormContentType && request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;

    private static async ValueTask<bool> InFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // Kept in memory: it is small, and its declared length is enforced by the server.
        request.EnableBuffering(bufferThreshold: (int)MaxFormLength);
        try
        {
            IFormCollection form = await request.ReadFormAsync(cancellationToken);
            return form.ContainsKey(Parameter);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or InvalidOperationException or NotSupportedException)
        {
            // A body that is not a form after all, in UTF-7, or that antiforgery has refused before, is the application's to judge; a token in it is never used.
            return false;
        }
        finally
        {
            if (request.Body.CanSeek)
                request.Body.Position = 0;
        }
    }
}
