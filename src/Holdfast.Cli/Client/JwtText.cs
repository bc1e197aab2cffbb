using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Holdfast.Cli.Client;

/// <summary>Makes a JWT readable for people. Verifies nothing.</summary>
internal static class JwtText
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Header and claims, or null where the text is no JWT.</summary>
    public static (JsonObject Header, JsonObject Claims)? Decode(string token)
    {
        string[] parts = token.Split('.');
        return parts.Length == 3 && Part(parts[0]) is { } header && Part(parts[1]) is { } claims ? (header, claims) : null;
    }

    /// <summary>The name of a claim's time, or null where it is none.</summary>
    public static string? Describe(string claim, JsonNode? value) =>
        claim is "exp" or "iat" or "nbf" && value is JsonValue number && number.TryGetValue(out long seconds) && seconds is >= 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("u")
            : null;

    private static JsonObject? Part(string part)
    {
        try
        {
            return StrictBase64Url.Decode(part) is { } bytes ? JsonNode.Parse(Encoding.UTF8.GetString(bytes), documentOptions: Strict) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
