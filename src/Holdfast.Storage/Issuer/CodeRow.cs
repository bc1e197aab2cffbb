using Holdfast.Issuer;

namespace Holdfast.Storage;

/// <summary>An authorization code and its grant as they are stored.</summary>
internal sealed class CodeRow : GrantRow
{
    // A code of another line of history may have been redeemed in it.
    public const string Find = $"""
        SELECT {Columns}, c.hash AS Hash, c.client_id AS ClientId, c.redirect_uri AS RedirectUri, c.redirect_uri_stated AS RedirectUriStated, c.code_challenge AS CodeChallenge,
          c.dpop_jkt AS DPoPJkt, c.nonce AS Nonce, c.expires_at AS ExpiresAt, c.redeemed_at AS RedeemedAt
        FROM authorization_code c JOIN issued_grant g ON g.grant_id = c.grant_id WHERE c.hash = @hash AND c.log_id = @logId
        """;

    public const string InsertCode = """
        INSERT INTO authorization_code (hash, log_id, grant_id, client_id, redirect_uri, redirect_uri_stated, code_challenge, dpop_jkt, nonce, expires_at)
        VALUES (@hash, @logId, @grantId, @clientId, @redirectUri, @redirectUriStated, @codeChallenge, @jkt, @nonce, @expiresAt)
        """;

    // FAPI-17, AT-38: the one update that finds it unredeemed is the redemption.
    public const string Redeem = """
        UPDATE authorization_code SET redeemed_at = @at WHERE hash = @hash AND log_id = @logId AND redeemed_at IS NULL
          AND EXISTS (SELECT 1 FROM issued_grant g WHERE g.grant_id = authorization_code.grant_id AND g.ended_at IS NULL)
        """;

    public byte[] Hash { get; init; } = [];
    public string ClientId { get; init; } = "";
    public string RedirectUri { get; init; } = "";
    public long RedirectUriStated { get; init; }
    public string CodeChallenge { get; init; } = "";
    public string? DPoPJkt { get; init; }
    public string? Nonce { get; init; }
    public long ExpiresAt { get; init; }
    public long? RedeemedAt { get; init; }

    public static object Of(AuthorizationCode code, string logId) => new
    {
        hash = code.Hash.ToOctets(),
        logId,
        grantId = StoredText.Of(code.GrantId),
        clientId = StoredText.Of(code.ClientId),
        redirectUri = StoredText.Of(code.RedirectUri),
        redirectUriStated = code.IsRedirectUriStated ? 1L : 0L,
        codeChallenge = StoredText.Of(code.CodeChallenge),
        jkt = code.DPoPJkt?.ToString(),
        nonce = StoredText.OfOptional(code.Nonce),
        expiresAt = StoredTime.Of(code.ExpiresAt),
    };

    public AuthorizationCode ToCode() => new()
    {
        Hash = SecretHash.FromOctets(Hash),
        GrantId = StoredText.From(GrantId),
        ClientId = StoredText.From(ClientId),
        RedirectUri = StoredText.From(RedirectUri),
        IsRedirectUriStated = RedirectUriStated != 0,
        CodeChallenge = StoredText.From(CodeChallenge),
        DPoPJkt = StoredThumbprint.Jkt(DPoPJkt),
        Nonce = StoredText.FromOptional(Nonce),
        ExpiresAt = StoredTime.From(ExpiresAt),
        RedeemedAt = StoredTime.From(RedeemedAt),
    };
}
