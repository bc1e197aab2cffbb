namespace Holdfast;

/// <summary>
/// Stateless nonces (RFC 9449 §8, §9): a keyed MAC over the server's time generation and role. A generation is 60 s; the current and
/// the one before it are alive. A nonce of another role, key or node is unknown.
/// </summary>
public sealed class DPoPNonces
{
    /// <summary>Nonces of a random key that lives and dies with this process: the embedded store's epoch and node.</summary>
    public static DPoPNonces CreateForProcess(VerifierClock clock, VerifierRole role) => throw new NotImplementedException();

    /// <summary>The nonce to offer now: NQCHAR only (RFC 9449 §8.1).</summary>
    public string Current => throw new NotImplementedException();

    /// <summary>Judges a nonce in fixed time; <paramref name="issued"/> is the server time sealed in it where it is alive or stale.</summary>
    public NonceStatus Check(ReadOnlySpan<char> nonce, out DateTimeOffset issued) => throw new NotImplementedException();
}

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
