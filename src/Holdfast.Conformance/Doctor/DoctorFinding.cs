namespace Holdfast.Conformance;

/// <summary>What a check came to.</summary>
public enum DoctorResult
{
    /// <summary>As it should be.</summary>
    Ok = 0,
    /// <summary>Works, and could bite.</summary>
    Warning = 1,
    /// <summary>Broken, or open.</summary>
    Problem = 2,
    /// <summary>Could not be looked at; <see cref="DoctorFinding.Seen"/> says why.</summary>
    Skipped = 3,
}

/// <summary>One finding: a row of the report, and of <c>--json</c> in snake case.</summary>
public sealed record DoctorFinding
{
    /// <summary>The check's stable name, such as <c>proof_arrives</c>.</summary>
    public required string Check { get; init; }

    /// <summary>What was asked, in one line.</summary>
    public required string Question { get; init; }

    /// <summary>What it came to.</summary>
    public required DoctorResult Result { get; init; }

    /// <summary>What was seen, in one line; no tokens and proofs.</summary>
    public required string Seen { get; init; }

    /// <summary>What mends it, for the proxy at hand; null where there is nothing to mend.</summary>
    public string? Fix { get; init; }

    /// <summary>What the API's own diagnostics say of it; null where it has none, or the caller may not ask.</summary>
    public string? Operator { get; init; }
}
