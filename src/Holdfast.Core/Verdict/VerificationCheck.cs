namespace Holdfast;

/// <summary>The checks in the order in which a request meets them; <see cref="VerificationTrace"/> records those that passed.</summary>
public enum VerificationCheck
{
    /// <summary>Nothing.</summary>
    None = 0,
}
