namespace Holdfast;

/// <summary>
/// The first 128 bits of SHA-256 over (role, jkt, htm, canonical htu, jti), with unambiguous separation: neither another client's
/// <c>jti</c> nor a respelled URI collides or slips by (RFC 9449 §11.1; DPOP-V-31).
/// </summary>
/// <param name="Value">The bits.</param>
public readonly record struct ReplayKey(UInt128 Value);
