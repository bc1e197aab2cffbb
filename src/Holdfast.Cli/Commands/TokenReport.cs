using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Holdfast.Cli.Commands;

/// <summary>A token as <c>token --json</c> describes it.</summary>
internal sealed record TokenReport
{
    public required string TokenType { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public required long ExpiresIn { get; init; }
    public required string? Scope { get; init; }
    /// <summary>What it is bound to: as it says itself, or where it is opaque as it was asked for.</summary>
    public required TokenConfirmation Cnf { get; init; }
    /// <summary>Null where the token is opaque.</summary>
    public required JsonObject? Header { get; init; }
    public required JsonObject? Claims { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AccessToken { get; init; }
}
