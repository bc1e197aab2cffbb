namespace Holdfast;

/// <summary>Why something was refused: the stable name, and for the operator what was expected and what was seen.</summary>
/// <param name="Failure">The failure; <see cref="FailureCatalog"/> tells the rest.</param>
/// <param name="Expected">What the check wanted, or null. Never a token, proof or private key.</param>
/// <param name="Seen">What was presented, or null; bounded, and printable.</param>
public sealed record Refusal(VerificationFailure Failure, string? Expected = null, string? Seen = null)
{
    /// <summary>The refusal of a default value: nothing was decided, so nothing is accepted.</summary>
    public static readonly Refusal Unspecified = new(VerificationFailure.Unspecified);
}
