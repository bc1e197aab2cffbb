namespace Holdfast.Client;

/// <summary>An access token bound to this client's key. Opaque: nothing here was read out of the token itself (RFC 9068 §6).</summary>
public sealed class HoldfastToken
{
    /// <summary>The token. Worthless without the key; keep it out of logs all the same.</summary>
    public required string AccessToken { get; init; }

    /// <summary>The type as the server wrote it; always <c>DPoP</c> in some casing.</summary>
    public required string TokenType { get; init; }

    /// <summary>When it ends, by this machine's clock; a minute from now where the server did not say.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The scope that was granted, or null where the server did not say: then it is what was asked for.</summary>
    public required string? Scope { get; init; }

    /// <summary>The key that it is bound to.</summary>
    public required JwkThumbprint Jkt { get; init; }

    /// <summary>The type and the end, never the token.</summary>
    public override string ToString() => $"{TokenType} token until {ExpiresAt:u}";
}
