using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Holdfast.Control;

/// <summary>What is answered: JSON, or a problem document (RFC 9457) that lists every problem.</summary>
internal sealed record ControlAnswer
{
    private const string Json = "application/json";
    private const string ProblemJson = "application/problem+json";

    public required int Status { get; init; }
    public required byte[] Body { get; init; }
    public required string ContentType { get; init; }

    /// <summary>The revision of the entry, which is its entity tag.</summary>
    public long? Revision { get; init; }

    public static ControlAnswer Of<T>(T value, JsonTypeInfo<T> type, long? revision = null, int status = StatusCodes.Status200OK) => new()
    {
        Status = status,
        Body = JsonSerializer.SerializeToUtf8Bytes(value, type),
        ContentType = Json,
        Revision = revision,
    };

    public static ControlAnswer Problem(int status, string title, IReadOnlyList<string> problems) => new()
    {
        Status = status,
        Body = JsonSerializer.SerializeToUtf8Bytes(new ProblemView
        {
            Type = "about:blank",
            Title = ReasonPhrases.GetReasonPhrase(status),
            Status = status,
            Detail = title,
            Problems = problems,
        }, ControlJson.Default.ProblemView),
        ContentType = ProblemJson,
    };

    public static bool TryReadTag(string tag, out long revision)
    {
        revision = 0;
        return tag is ['"', .. var digits, '"'] && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out revision);
    }

    public async Task WriteAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        response.ContentLength = Body.Length;
        // The answers are of one caller, and some hold a secret.
        response.Headers.CacheControl = "no-store";
        if (Revision is { } revision)
            response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{revision}\"");
        await response.Body.WriteAsync(Body, context.RequestAborted);
    }
}
