namespace Holdfast.Chaos;

/// <summary>How an honest request ended.</summary>
internal enum HonestResult
{
    Accepted,
    /// <summary>401, 403 or 400.</summary>
    Refused,
    /// <summary>503: come again.</summary>
    Unavailable,
    /// <summary>No answer of a node or guard.</summary>
    Lost,
}

/// <summary>An honest request.</summary>
/// <param name="Start">When it was due and sent.</param>
/// <param name="End">When it was answered, or given up.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Challenged">Whether it was asked for a nonce first.</param>
/// <param name="Error">What a last challenge named as the error, or null.</param>
/// <param name="Raced">Whether the attacker sent the proof that decided it at the same moment: then a refusal means that he won.</param>
internal sealed record HonestOutcome(DateTimeOffset Start, DateTimeOffset End, HonestResult Result, bool Challenged, string? Error, bool Raced);
