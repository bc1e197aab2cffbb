namespace Holdfast;

/// <summary>
/// The one instant by which a proof is judged fresh and its replay record filed: the server time sealed in its nonce, or its
/// <c>iat</c> where it carries none (RFC 9449 §11.1).
/// </summary>
/// <param name="Time">The instant.</param>
/// <param name="FromNonce">True where a nonce vouches for it: then nobody can have seen the proof before the nonce's epoch began.</param>
/// <param name="NonceEpoch">The epoch of that nonce (<see cref="DPoPNonceKeys.Epoch"/>): it vouches where the records of that epoch are asked, and nowhere else.</param>
public readonly record struct FreshnessAnchor(DateTimeOffset Time, bool FromNonce, long NonceEpoch = 0);
