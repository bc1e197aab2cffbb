using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Holdfast.Client;

namespace Holdfast.Cli.Commands;

/// <summary>What a token is bound to, in the members of <c>cnf</c> (RFC 9449 §6.1, RFC 8705 §3.1). For people: the client library never looks into a token.</summary>
internal sealed record TokenConfirmation
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Jkt { get; init; }

    [JsonPropertyName("x5t#S256")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? X5tS256 { get; init; }

    /// <summary>What was asked for.</summary>
    public static TokenConfirmation Asked(HoldfastToken token) => new() { Jkt = token.Jkt?.ToString(), X5tS256 = token.X5tS256?.ToString() };

    /// <summary>What the claims say.</summary>
    public static TokenConfirmation Of(JsonObject claims) => new() { Jkt = Member(claims, "jkt"), X5tS256 = Member(claims, "x5t#S256") };

    /// <summary>What was asked for and is not there, in words; null where nothing is missing.</summary>
    public string? Missing(TokenConfirmation asked)
    {
        var missing = new TokenConfirmation
        {
            Jkt = string.Equals(asked.Jkt, Jkt, StringComparison.Ordinal) ? null : asked.Jkt,
            X5tS256 = string.Equals(asked.X5tS256, X5tS256, StringComparison.Ordinal) ? null : asked.X5tS256,
        };
        return missing is { Jkt: null, X5tS256: null } ? null : missing.ToString();
    }

    /// <summary>In words.</summary>
    public override string ToString()
    {
        string? key = Jkt is null ? null : $"the key {Jkt}", certificate = X5tS256 is null ? null : $"the certificate {X5tS256}";
        return key is not null && certificate is not null ? $"{key} and {certificate}" : key ?? certificate ?? "nothing";
    }

    private static string? Member(JsonObject claims, string name) =>
        claims["cnf"] is JsonObject cnf && cnf[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
