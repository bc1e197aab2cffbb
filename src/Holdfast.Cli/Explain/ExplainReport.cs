namespace Holdfast.Cli.Explain;

/// <summary>An explanation. Holds no token, proof or key.</summary>
internal sealed record ExplainReport
{
    public required bool Accepted { get; init; }
    public required string Method { get; init; }
    /// <summary>Without its query, where tokens hide.</summary>
    public required string Url { get; init; }
    public required string Role { get; init; }
    public required DateTimeOffset JudgedAt { get; init; }
    public required string TimeSource { get; init; }
    public required string? Issuer { get; init; }
    public required string? Audience { get; init; }
    public required string? ClientId { get; init; }
    /// <summary>The thumbprint (<c>x5t#S256</c>) of the client certificate, or null where there was none.</summary>
    public required string? Certificate { get; init; }
    public required IReadOnlyList<ExplainedCheck> Checks { get; init; }
    public required ExplainedFailure? Failure { get; init; }
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>One check: <c>passed</c>, <c>failed</c>, <c>not_reached</c>, <c>not_needed</c>, or <c>unknown</c> where only the server can tell.</summary>
internal sealed record ExplainedCheck(string Check, string Title, string Section, string Result);

/// <summary>Why it was refused, or in observe mode would have been.</summary>
internal sealed record ExplainedFailure
{
    public required string Name { get; init; }
    public required string Severity { get; init; }
    public required string Owner { get; init; }
    public required string Section { get; init; }
    public required string? Expected { get; init; }
    public required string? Seen { get; init; }
    public required string Cause { get; init; }
    public required string Fix { get; init; }
    /// <summary>What the caller is told; another failure than <see cref="Name"/> where a challenge takes a refusal's place.</summary>
    public required string Answered { get; init; }
    public required string? WireError { get; init; }
    public required int Status { get; init; }
    public required string Description { get; init; }
    public required string Documentation { get; init; }
}
