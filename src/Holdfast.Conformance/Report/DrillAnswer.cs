namespace Holdfast.Conformance;

/// <summary>What one server did with one attack.</summary>
public sealed record DrillAnswer
{
    /// <summary>Every attempt got in only as far as it may.</summary>
    public const string Refused = "refused";

    /// <summary>More attempts got in than may.</summary>
    public const string LetIn = "let in";

    /// <summary>A server error, or no answer: neither a refusal nor a way in.</summary>
    public const string Broke = "error";

    /// <summary>The status of the last attempt with that outcome; 0 where nothing answered.</summary>
    public required int Status { get; init; }

    /// <summary>The wire code of that answer; null where it has none.</summary>
    public required string? Error { get; init; }

    /// <summary><see cref="Refused"/>, <see cref="LetIn"/> or <see cref="Broke"/>.</summary>
    public required string Outcome { get; init; }

    /// <summary>How many requests the thief sent.</summary>
    public required int Attempts { get; init; }

    /// <summary>How many of them got in.</summary>
    public required int Accepted { get; init; }
}
