namespace Holdfast.Registry;

/// <summary>How an edit ended. The default value says that nothing was written.</summary>
public enum EditOutcome
{
    /// <summary>Nothing is known to be written.</summary>
    Unspecified = 0,

    /// <summary>It is written.</summary>
    Done = 1,

    /// <summary>It was so already; nothing is written.</summary>
    Unchanged = 2,

    /// <summary>There is no such entry.</summary>
    NotFound = 3,

    /// <summary>It is against the rules; the problems say why.</summary>
    Invalid = 4,

    /// <summary>The entry is not as the caller saw it, or its identifier is taken, or others keep changing it.</summary>
    Conflict = 5,
}

/// <summary>The result of an edit.</summary>
public sealed record EditResult
{
    /// <summary>How it ended.</summary>
    public required EditOutcome Outcome { get; init; }

    /// <summary>Why it was not done: one sentence each.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>What changed, or would change.</summary>
    public IReadOnlyList<EntryChange> Changes { get; init; } = [];

    /// <summary>The client's new secret: shown now and never again. Null where none was made.</summary>
    public string? Secret { get; init; }

    /// <summary>True where the entry was there and differed from what the caller saw (<see cref="EditCondition"/>).</summary>
    public bool IsStale { get; init; }

    internal static EditResult NotFound { get; } = new() { Outcome = EditOutcome.NotFound };

    internal static EditResult Invalid(params IReadOnlyList<string> problems) => new() { Outcome = EditOutcome.Invalid, Problems = problems };

    internal static EditResult Conflict(string problem, bool isStale = false) => new() { Outcome = EditOutcome.Conflict, Problems = [problem], IsStale = isStale };
}

/// <summary>What a caller believes about an entry that it changes. The default value believes nothing.</summary>
/// <param name="Revision">It is of this revision; null: of any.</param>
/// <param name="IsNew">There is none yet.</param>
public readonly record struct EditCondition(long? Revision, bool IsNew)
{
    /// <summary>There is none yet.</summary>
    public static EditCondition MustBeNew { get; } = new(null, true);

    /// <summary>It is as it was in this revision.</summary>
    public static EditCondition MustBe(long revision) => new(revision, false);
}
