using System.Text.Json.Serialization;

namespace Holdfast.Control;

/// <summary>Everything that the admin API writes.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProblemView))]
[JsonSerializable(typeof(ClientView))]
[JsonSerializable(typeof(ClientsView))]
[JsonSerializable(typeof(ResourceView))]
[JsonSerializable(typeof(ResourcesView))]
[JsonSerializable(typeof(EditView))]
[JsonSerializable(typeof(AuditView))]
[JsonSerializable(typeof(IssuerKeysView))]
[JsonSerializable(typeof(IssuerKeyView))]
internal sealed partial class ControlJson : JsonSerializerContext;

/// <summary>A problem document (RFC 9457).</summary>
internal sealed record ProblemView
{
    public required string Type { get; init; }
    public required string Title { get; init; }
    public required int Status { get; init; }
    public required string Detail { get; init; }
    public required IReadOnlyList<string> Problems { get; init; }
}
