using Holdfast.Issuer;

namespace Holdfast.Storage;

/// <summary>A refresh token and its grant as they are stored.</summary>
internal sealed class RefreshTokenRow : GrantRow
{
    public const string Find = $"""
        SELECT {Columns}, r.hash AS Hash, r.client_id AS ClientId, r.dpop_jkt AS DPoPJkt, r.x5t_s256 AS X5tS256, r.issued_at AS IssuedAt, r.expires_at AS ExpiresAt,
          r.replaced_at AS ReplacedAt, r.sealed_successor AS SealedSuccessor
        FROM refresh_token r JOIN issued_grant g ON g.grant_id = r.grant_id WHERE r.hash = @hash
        """;

    public const string InsertToken = """
        INSERT INTO refresh_token (hash, grant_id, client_id, dpop_jkt, x5t_s256, issued_at, expires_at) VALUES (@hash, @grantId, @clientId, @jkt, @x5t, @issuedAt, @expiresAt)
        """;

    private const string IfAlive = """
        WHERE hash = @hash AND replaced_at IS NULL AND EXISTS (SELECT 1 FROM issued_grant g WHERE g.grant_id = refresh_token.grant_id AND g.ended_at IS NULL)
        """;

    public const string Use = $"UPDATE refresh_token SET expires_at = @expiresAt {IfAlive}";

    // The one update that finds it in place is the replacement.
    public const string Replace = $"UPDATE refresh_token SET replaced_at = @at, sealed_successor = @sealedSuccessor {IfAlive}";

    public byte[] Hash { get; init; } = [];
    public string ClientId { get; init; } = "";
    public string? DPoPJkt { get; init; }
    public string? X5tS256 { get; init; }
    public long IssuedAt { get; init; }
    public long ExpiresAt { get; init; }
    public long? ReplacedAt { get; init; }
    public byte[]? SealedSuccessor { get; init; }

    public static object Of(RefreshToken token) => new
    {
        hash = token.Hash.ToOctets(),
        grantId = StoredText.Of(token.GrantId),
        clientId = StoredText.Of(token.ClientId),
        jkt = token.DPoPJkt?.ToString(),
        x5t = token.X5tS256?.ToString(),
        issuedAt = StoredTime.Of(token.IssuedAt),
        expiresAt = StoredTime.Of(token.ExpiresAt),
    };

    public RefreshToken ToToken() => new()
    {
        Hash = SecretHash.FromOctets(Hash),
        GrantId = StoredText.From(GrantId),
        ClientId = StoredText.From(ClientId),
        DPoPJkt = StoredThumbprint.Jkt(DPoPJkt),
        X5tS256 = StoredThumbprint.X5t(X5tS256),
        IssuedAt = StoredTime.From(IssuedAt),
        ExpiresAt = StoredTime.From(ExpiresAt),
        ReplacedAt = StoredTime.From(ReplacedAt),
        SealedSuccessor = SealedSuccessor,
    };
}
