using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Holdfast.Issuer;

/// <summary>Reads a request of a client (RFC 6749 §3.2): POST, one bounded form body, no parameter twice, nothing in the query.</summary>
internal static class FormReader
{
    public const int MaxBodyLength = 64 * 1024;

    private const int MaxParameterLength = 2048;
    private const int MaxLongParameterLength = 8192;

    /// <summary>The request, or null and why not.</summary>
    public static async ValueTask<(IssuerForm? Form, MalformedRequest Problem)> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        HttpRequest request = context.Request;
        // RFC 6749 §3.2: the client uses POST.
        if (!HttpMethods.IsPost(request.Method))
            return (null, new(StatusCodes.Status405MethodNotAllowed, "POST", Printable.From(request.Method)));
        if (!IsForm(request.ContentType) || request.Headers.ContentEncoding.Count > 0)
            return (null, new(StatusCodes.Status415UnsupportedMediaType, "application/x-www-form-urlencoded, not encoded", Printable.From(request.ContentType ?? "no Content-Type")));
        // RFC 6749 §2.3.1: parameters, secrets above all, stay out of the URL, which everyone on the way writes to logs.
        if (request.QueryString.Value is { Length: > 1 })
            return (null, new(StatusCodes.Status400BadRequest, "parameters in the body", "a query"));
        if (request.ContentLength > MaxBodyLength)
            return (null, TooLarge);
        try
        {
            return await ReadBodyAsync(request.BodyReader, cancellationToken);
        }
        catch (BadHttpRequestException e)
        {
            return (null, new(e.StatusCode, "a whole body", "a broken one"));
        }
    }

    /// <summary>The parameters of a query or body, encoded as a form, or null and why not.</summary>
    public static (IssuerForm? Form, MalformedRequest Problem) Read(string encoded) =>
        encoded.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? Malformed("a query in ASCII", "another character")
            : Parse(Encoding.ASCII.GetBytes(encoded));

    private static MalformedRequest TooLarge => new(StatusCodes.Status413PayloadTooLarge, $"a body of at most {MaxBodyLength} bytes", "more");

    private static async ValueTask<(IssuerForm?, MalformedRequest)> ReadBodyAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result = await reader.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> body = result.Buffer;
            if (body.Length > MaxBodyLength)
            {
                reader.AdvanceTo(body.End);
                return (null, TooLarge);
            }
            if (result.IsCompleted)
            {
                (IssuerForm?, MalformedRequest) parsed = Parse(body.IsSingleSegment ? body.FirstSpan : body.ToArray());
                reader.AdvanceTo(body.End);
                return parsed;
            }
            reader.AdvanceTo(body.Start, body.End);
        }
    }

    private static (IssuerForm?, MalformedRequest) Parse(ReadOnlySpan<byte> body)
    {
        if (FormParser.TryParse(body) is not { } pairs)
            return Malformed("a form in valid UTF-8", $"a malformed one, or more than {FormParser.MaxPairs} parameters");
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var resources = new List<string>();
        foreach ((string name, string value) in pairs)
        {
            int limit = name is "client_assertion" or "scope" or "token" or AuthorizationTicket.Parameter ? MaxLongParameterLength : MaxParameterLength;
            if (value.Length > limit || name.Length > MaxParameterLength)
                return Malformed($"at most {limit} characters", $"{Printable.From(name)} of {value.Length}");
            // RFC 8707 §2: resource alone may be repeated.
            if (name is "resource")
                resources.Add(value);
            // RFC 6749 §3.2: parameters are not included more than once.
            else if (!values.TryAdd(name, value))
                return Malformed("each parameter once", $"{Printable.From(name)} twice");
        }
        return (new IssuerForm(values, [.. resources.Where(resource => resource.Length > 0)]), default);
    }

    private static (IssuerForm?, MalformedRequest) Malformed(string expected, string seen) =>
        (null, new(StatusCodes.Status400BadRequest, expected, seen));

    // Whole value, not a prefix; the only parameter that changes nothing is charset=utf-8.
    private static bool IsForm(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type)
        && type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}

/// <summary>Why a request could not be read.</summary>
internal readonly record struct MalformedRequest(int Status, string Expected, string Seen);
