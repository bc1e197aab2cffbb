namespace Holdfast;

/// <summary>
/// The one instant by which a proof is judged fresh and its replay record filed: the server time sealed in its nonce, or its
/// <c>iat</c> where it carries none (RFC 9449 §11.1).
/// </summary>
/// <param name="Time">The instant.</param>
/// <param name="FromNonce">True where a nonce of this epoch vouches for it: then no predecessor of this process can have seen the proof.</param>
public readonly record struct FreshnessAnchor(DateTimeOffset Time, bool FromNonce);
