namespace Holdfast.Client;

/// <summary>An access token bound to this client's key, its certificate, or both. Opaque: nothing here was read out of the token itself (RFC 9068 §6).</summary>
public sealed class HoldfastToken
{
    /// <summary>The token. Worthless without what it is bound to; keep it out of logs all the same.</summary>
    public required string AccessToken { get; init; }

    /// <summary>
    /// The type as the server wrote it, in some casing: <c>DPoP</c>, or <c>Bearer</c> where it is bound to the certificate alone, because that
    /// is how RFC 8705 §3 sends it. The scheme to send it under.
    /// </summary>
    public required string TokenType { get; init; }

    /// <summary>When it ends, by this machine's clock; a minute from now where the server did not say.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The scope that was granted, or null where the server did not say: then it is what was asked for.</summary>
    public required string? Scope { get; init; }

    /// <summary>The key that it is bound to, or null.</summary>
    public required JwkThumbprint? Jkt { get; init; }

    /// <summary>The certificate that it is bound to (<c>x5t#S256</c>), or null. Present this one, on every connection that the token goes over.</summary>
    public required CertificateThumbprint? X5tS256 { get; init; }

    /// <summary>The type and the end, never the token.</summary>
    public override string ToString() => $"{TokenType} token until {ExpiresAt:u}";
}
