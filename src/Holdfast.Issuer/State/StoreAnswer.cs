namespace Holdfast.Issuer;

/// <summary>The answer of <see cref="IIssuerStore"/>. The default value is a refusal.</summary>
public enum StoreAnswer
{
    /// <summary>Nothing is known to be written; refused.</summary>
    Unspecified = 0,

    /// <summary>Written, by this call and by no other.</summary>
    Done = 1,

    /// <summary>The client assertion was spent before, or may have been: nothing is written.</summary>
    AssertionReplayed = 2,

    /// <summary>The code, reference or token was used before, or its grant has ended: nothing is written.</summary>
    Gone = 3,

    /// <summary>The registry has changed since the caller read it: nothing is written.</summary>
    Stale = 4,
}
