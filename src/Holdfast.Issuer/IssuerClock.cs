namespace Holdfast.Issuer;

/// <summary>The time by which the issuer judges assertions, proofs and nonces.</summary>
internal sealed class IssuerClock(TimeProvider timeProvider)
{
    public VerifierClock Clock { get; } = new(timeProvider);
}
