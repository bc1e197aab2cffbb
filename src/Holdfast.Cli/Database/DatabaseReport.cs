using System.Text.Json.Serialization;

namespace Holdfast.Cli.Database;

/// <summary>How a database stands, for scripts.</summary>
internal sealed record DatabaseReport
{
    public required string Database { get; init; }
    public required long Schema { get; init; }
    public required long ProgramSchema { get; init; }
    public required IReadOnlyList<string> Pending { get; init; }

    /// <summary>Why this program must not use it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Refusal { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LogId { get; init; }

    public long Revision { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? RestoredAt { get; init; }

    public required IReadOnlyList<string> Programs { get; init; }
}

/// <summary>What a command did, for scripts.</summary>
internal sealed record DatabaseChange
{
    public required string Database { get; init; }
    public required string Action { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Schema { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Migrations { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? File { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Octets { get; init; }

    /// <summary>Where what was there before is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Before { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LogId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Resource { get; init; }
}
