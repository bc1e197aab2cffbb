using System.Text.Json;

namespace Holdfast.Client.Internal;

/// <summary>Reads what a server sent: bounded, strict, and made safe before it is shown.</summary>
internal static class JsonText
{
    private const int MaxBytes = 256 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>The body as JSON, or null where it is not JSON or too long.</summary>
    public static async Task<JsonDocument?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[4096];
        using var body = new MemoryStream();
        await using Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            body.Write(buffer, 0, read);
            if (body.Length > MaxBytes)
                return null;
        }
        try
        {
            return JsonDocument.Parse(body.GetBuffer().AsMemory(0, (int)body.Length), Strict);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A member that is a text, or null.</summary>
    public static string? Member(JsonElement document, string name) =>
        document.ValueKind == JsonValueKind.Object && document.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? Text(value)
            : null;

    /// <summary>A member that is a list of texts, or null where it is absent or something else.</summary>
    public static IReadOnlyCollection<string>? Members(JsonElement document, string name) =>
        document.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(Text).OfType<string>()]
            : null;

    /// <summary>A stranger's text for a message or a log: short and printable.</summary>
    public static string? Safe(string? text) => text is null ? null
        : string.Concat(text.Take(200).Select(c => c is >= ' ' and <= '~' ? c : '?'));

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is legal JSON and no text.
            return null;
        }
    }
}
