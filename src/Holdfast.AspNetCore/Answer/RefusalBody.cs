using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Holdfast.AspNetCore;

/// <summary>
/// What a refused caller reads: the wire code, the safe description and the failure's stable name (RFC 9457). The same few bytes for
/// everyone; nothing of the request is repeated.
/// </summary>
internal static class RefusalBody
{
    private static readonly ConcurrentDictionary<VerificationFailure, byte[]> Written = [];

    public static Task WriteAsync(HttpResponse response, FailureInfo failure, CancellationToken cancellationToken)
    {
        if (!Written.TryGetValue(failure.Failure, out byte[]? body))
        {
            body = JsonSerializer.SerializeToUtf8Bytes(
                new RefusalProblem(failure.Description, failure.ResourceStatus, failure.WireError, failure.Name), RefusalJsonContext.Default.RefusalProblem);
            Written.TryAdd(failure.Failure, body);
        }
        response.ContentType = "application/problem+json";
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(response.HttpContext.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(body, cancellationToken).AsTask();
    }
}

internal sealed record RefusalProblem(string Title, int Status, string? Error, string Failure);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RefusalProblem))]
internal sealed partial class RefusalJsonContext : JsonSerializerContext;
