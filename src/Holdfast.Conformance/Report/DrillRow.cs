namespace Holdfast.Conformance;

/// <summary>One attack and what came of it: a row of the table, and of <c>--json</c> in snake case.</summary>
public sealed record DrillRow
{
    /// <summary>The attack's stable name, such as <c>token_as_bearer</c>.</summary>
    public required string Attack { get; init; }

    /// <summary>What the thief does, in one line.</summary>
    public required string Description { get; init; }

    /// <summary>What a plain bearer API did, measured on the twin; null where the attack is on the issuer, of which there is no twin.</summary>
    public required DrillAnswer? BearerApi { get; init; }

    /// <summary>What Holdfast did.</summary>
    public required DrillAnswer Holdfast { get; init; }

    /// <summary>The failure's name by the signal; null where none was seen.</summary>
    public required string? Failure { get; init; }

    /// <summary>Its severity by the signal.</summary>
    public required string? Severity { get; init; }

    /// <summary>Whether a signal was seen for every refusal, by its trace id; null where the target has no file of signals.</summary>
    public required bool? Signalled { get; init; }

    /// <summary>True where every attempt was refused that had to be.</summary>
    public required bool Passed { get; init; }

    /// <summary>What a reader must know to judge the row; mostly null.</summary>
    public string? Note { get; init; }

    /// <summary>The request that the thief sent; of many, the first. Tokens are shortened unless asked for.</summary>
    public string? Evidence { get; init; }
}
