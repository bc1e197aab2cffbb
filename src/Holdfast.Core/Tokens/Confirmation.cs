namespace Holdfast;

/// <summary>
/// The binding of a token: the <c>cnf</c> claim (RFC 7800 §3.1, RFC 9449 §6.1). Read from the token, never from the scheme the
/// caller chose. An unknown member, an empty or non-object <c>cnf</c> is refused, which is stricter than RFC 7800.
/// </summary>
public sealed record Confirmation
{
    /// <summary>No <c>cnf</c>: a bearer token.</summary>
    public static readonly Confirmation None = new();

    /// <summary>The thumbprint of the DPoP key (RFC 7638, SHA-256), or null.</summary>
    public JwkThumbprint? Jkt { get; init; }

    /// <summary>The <c>x5t#S256</c> member (RFC 8705 §3.1), or null. A token that carries it is refused while no certificate can be presented.</summary>
    public string? X5tS256 { get; init; }

    /// <summary>True where the token is bound to anything.</summary>
    public bool IsBound => Jkt is not null || X5tS256 is not null;
}
