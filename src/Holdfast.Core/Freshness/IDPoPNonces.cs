namespace Holdfast;

/// <summary>
/// The nonces that a verifier offers and accepts (RFC 9449 §8, §9). <see cref="DPoPNonces"/> is the one way to make them; a replay store that several
/// nodes share decides which of them are in force. Implementations are safe for concurrent use.
/// </summary>
public interface IDPoPNonces
{
    /// <summary>The nonce to offer now: NQCHAR only (RFC 9449 §8.1); <see langword="null"/> where none can be had, which is a fault of the server.</summary>
    string? Current { get; }

    /// <summary>True while every proof must carry a nonce, whatever the mode says: the records of other nodes cannot be asked. Without effect where the
    /// mode is <see cref="NonceMode.Off"/>.</summary>
    bool AreDemanded { get; }

    /// <summary>
    /// Judges a nonce in fixed time. <paramref name="anchor"/> is the server time sealed in it (the start of its generation) where it is alive or stale,
    /// and meaningless where it is unknown.
    /// </summary>
    NonceStatus Check(ReadOnlySpan<char> nonce, out FreshnessAnchor anchor);
}
