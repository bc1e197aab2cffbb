namespace Holdfast.Cli.Commands;

/// <summary>An answer as <c>call --json</c> describes it.</summary>
internal sealed record CallReport
{
    public required string Method { get; init; }
    public required string Url { get; init; }
    public required int Status { get; init; }
    public required IReadOnlyDictionary<string, string[]> Headers { get; init; }
    public required string Body { get; init; }
    /// <summary>The <c>WWW-Authenticate</c> values of a refusal.</summary>
    public required string[] Challenges { get; init; }
    /// <summary>The failure's stable name, where the server said it.</summary>
    public required string? Failure { get; init; }
    public required string? Meaning { get; init; }
}
