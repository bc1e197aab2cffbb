namespace Holdfast;

/// <summary>What a nonce is worth. The default value is a refusal.</summary>
public enum NonceStatus
{
    /// <summary>Not ours, or of another role, node or epoch.</summary>
    Unknown = 0,
    /// <summary>Ours, and its time is over.</summary>
    Stale = 1,
    /// <summary>Alive, and a newer one should be offered with the response.</summary>
    Previous = 2,
    /// <summary>Alive.</summary>
    Current = 3,
}
