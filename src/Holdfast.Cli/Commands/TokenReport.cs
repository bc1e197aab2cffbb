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
    /// <summary>What it is bound to, as RFC 7800 §3.1 writes it; known from how it was obtained and not from the token.</summary>
    public required TokenConfirmation Cnf { get; init; }
    /// <summary>Null where the token is opaque.</summary>
    public required JsonObject? Header { get; init; }
    public required JsonObject? Claims { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AccessToken { get; init; }
}

/// <summary>The members of <c>cnf</c> that apply.</summary>
internal sealed record TokenConfirmation
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required string? Jkt { get; init; }

    [JsonPropertyName("x5t#S256")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required string? X5tS256 { get; init; }

    /// <summary>In words.</summary>
    public override string ToString() => string.Join(" and ", Parts());

    private IEnumerable<string> Parts()
    {
        if (Jkt is not null)
            yield return $"the key {Jkt}";
        if (X5tS256 is not null)
            yield return $"the certificate {X5tS256}";
    }
}
