namespace Holdfast.Registry;

/// <summary>Something that counts no more.</summary>
/// <param name="Kind">What.</param>
/// <param name="Value">Which: a <c>jti</c>, a grant identifier, a client identifier, a <c>kid</c>.</param>
/// <param name="Until">When everything it ends has expired by itself, and it may be forgotten; null: never.</param>
/// <param name="Reason">Why, a short word: <c>revoked</c>, <c>code_replayed</c>, <c>refresh_token_reused</c>, <c>offboarded</c>.</param>
public sealed record Revocation(RevocationKind Kind, string Value, DateTimeOffset? Until, string Reason);

/// <summary>What can be revoked.</summary>
public enum RevocationKind
{
    /// <summary>One access token, by its <c>jti</c>.</summary>
    Token = 1,

    /// <summary>A grant, and every token that came from it.</summary>
    Grant = 2,

    /// <summary>A client, and every token it has.</summary>
    Client = 3,

    /// <summary>A signing key, and every token it signed.</summary>
    SigningKey = 4,
}
