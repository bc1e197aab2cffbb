using Holdfast.Issuer;
using Holdfast.Registry;

namespace Holdfast.Storage;

/// <summary>
/// What the issuer uses once and what it granted. In every write the order is the same: position, assertion, the single-use thing, what comes of it, and the log of revocations at
/// the end; so two of them never wait for each other in a circle.
/// </summary>
internal sealed class IssuerStore(IStateDatabase database, TimeProvider timeProvider) : IIssuerStore
{
    private const string EndGrant = "UPDATE issued_grant SET ended_at = @at WHERE grant_id = @grantId AND ended_at IS NULL";
    private const string FindRevoked = "SELECT count(*) FROM revocation WHERE key IN (@token, @grant, @client, @key)";
    private const string FindConsent = "SELECT scopes FROM consent WHERE key = @key";
    private const string SaveConsent = """
        INSERT INTO consent (key, subject, client_id, scopes, at) VALUES (@key, @subject, @clientId, @scopes, @at)
        ON CONFLICT (key) DO UPDATE SET scopes = excluded.scopes, at = excluded.at
        """;

    public ValueTask<StoreAnswer> SpendAsync(Spending spending, CancellationToken cancellationToken) => new(database.SpendAsync(spending, cancellationToken));

    public ValueTask<StoreAnswer> AddPushedRequestAsync(PushedRequest request, Spending spending, CancellationToken cancellationToken) =>
        WriteAsync(spending, async session =>
        {
            Here here = await session.HereAsync();
            await session.ExecuteAsync(PushedRequestRow.Insert, PushedRequestRow.Of(request, here.LogId));
            return StoreAnswer.Done;
        }, cancellationToken);

    public async ValueTask<PushedRequest?> FindPushedRequestAsync(SecretHash reference, CancellationToken cancellationToken) =>
        (await FindOfThisLineAsync<PushedRequestRow>(PushedRequestRow.Find, reference, cancellationToken))?.ToRequest();

    public ValueTask<StoreAnswer> AddCodeAsync(AuthorizationCode code, Grant grant, SecretHash? pushedRequest, Spending spending, CancellationToken cancellationToken) =>
        WriteAsync(spending, async session =>
        {
            Here here = await session.HereAsync();
            if (pushedRequest is { } reference && await session.ExecuteAsync(PushedRequestRow.Use, new { hash = reference.ToOctets(), logId = here.LogId, at = Now() }) != 1)
                return StoreAnswer.Gone;
            await session.ExecuteAsync(GrantRow.Insert, GrantRow.Of(grant));
            await session.ExecuteAsync(CodeRow.InsertCode, CodeRow.Of(code, here.LogId));
            return StoreAnswer.Done;
        }, cancellationToken);

    public async ValueTask<(AuthorizationCode Code, Grant Grant)?> FindCodeAsync(SecretHash code, CancellationToken cancellationToken) =>
        await FindOfThisLineAsync<CodeRow>(CodeRow.Find, code, cancellationToken) is { } row ? (row.ToCode(), row.ToGrant()) : null;

    public ValueTask<StoreAnswer> RedeemCodeAsync(SecretHash code, RefreshToken? refreshToken, Spending spending, CancellationToken cancellationToken) =>
        WriteAsync(spending, async session =>
        {
            Here here = await session.HereAsync();
            if (await session.ExecuteAsync(CodeRow.Redeem, new { hash = code.ToOctets(), logId = here.LogId, at = Now() }) != 1)
                return StoreAnswer.Gone;
            if (refreshToken is not null)
                await session.ExecuteAsync(RefreshTokenRow.InsertToken, RefreshTokenRow.Of(refreshToken));
            return StoreAnswer.Done;
        }, cancellationToken);

    public async ValueTask<(RefreshToken Token, Grant Grant)?> FindRefreshTokenAsync(SecretHash token, CancellationToken cancellationToken) =>
        await database.ReadAsync(session => session.FindAsync<RefreshTokenRow>(RefreshTokenRow.Find, new { hash = token.ToOctets() }), cancellationToken) is { } row
            ? (row.ToToken(), row.ToGrant()) : null;

    public ValueTask<StoreAnswer> UseRefreshTokenAsync(SecretHash token, DateTimeOffset expiresAt, Spending spending, CancellationToken cancellationToken) =>
        WriteAsync(spending, async session =>
            await session.ExecuteAsync(RefreshTokenRow.Use, new { hash = token.ToOctets(), expiresAt = StoredTime.Of(expiresAt) }) == 1 ? StoreAnswer.Done : StoreAnswer.Gone,
            cancellationToken);

    public ValueTask<StoreAnswer> ReplaceRefreshTokenAsync(SecretHash token, RefreshToken successor, byte[] sealedSuccessor, DateTimeOffset at, Spending spending,
        CancellationToken cancellationToken) =>
        WriteAsync(spending, async session =>
        {
            if (await session.ExecuteAsync(RefreshTokenRow.Replace, new { hash = token.ToOctets(), at = StoredTime.Of(at), sealedSuccessor }) != 1)
                return StoreAnswer.Gone;
            await session.ExecuteAsync(RefreshTokenRow.InsertToken, RefreshTokenRow.Of(successor));
            return StoreAnswer.Done;
        }, cancellationToken);

    public ValueTask<StoreAnswer> EndGrantAsync(string grantId, string reason, DateTimeOffset tokensEndAt, Spending spending, CancellationToken cancellationToken) =>
        WriteAsync(spending, async session =>
        {
            await session.ExecuteAsync(EndGrant, new { grantId = StoredText.Of(grantId), at = Now() });
            await RevocationLog.AddAsync(session, [new(RevocationKind.Grant, grantId, tokensEndAt, reason)], timeProvider.GetUtcNow());
            return StoreAnswer.Done;
        }, cancellationToken);

    public ValueTask<StoreAnswer> RevokeTokenAsync(string jti, DateTimeOffset expiresAt, Spending spending, CancellationToken cancellationToken) =>
        WriteAsync(spending, async session =>
        {
            await RevocationLog.AddAsync(session, [new(RevocationKind.Token, jti, expiresAt, "revoked")], timeProvider.GetUtcNow());
            return StoreAnswer.Done;
        }, cancellationToken);

    public async ValueTask<bool> IsRevokedAsync(TokenIdentity token, CancellationToken cancellationToken)
    {
        var keys = new
        {
            token = StoredKey.Of(RevocationKind.Token, token.Jti),
            grant = StoredKey.Of(RevocationKind.Grant, token.GrantId ?? ""),
            client = StoredKey.Of(RevocationKind.Client, token.ClientId),
            key = StoredKey.Of(RevocationKind.SigningKey, token.Kid),
        };
        return await database.ReadAsync(session => session.FindAsync<long>(FindRevoked, keys), cancellationToken) > 0;
    }

    public async ValueTask<string?> FindConsentAsync(string subject, string clientId, CancellationToken cancellationToken) =>
        StoredText.FromOptional(await database.ReadAsync(session => session.FindAsync<string>(FindConsent, new { key = StoredKey.Of(subject, clientId) }), cancellationToken));

    public async ValueTask SaveConsentAsync(string subject, string clientId, string scopes, DateTimeOffset at, CancellationToken cancellationToken) =>
        await database.WriteAsync(session => session.ExecuteAsync(SaveConsent, new
        {
            key = StoredKey.Of(subject, clientId), subject = StoredText.Of(subject), clientId = StoredText.Of(clientId), scopes = StoredText.Of(scopes), at = StoredTime.Of(at),
        }), static _ => true, cancellationToken);

    private async ValueTask<StoreAnswer> WriteAsync(Spending spending, Func<StateSession, Task<StoreAnswer>> write, CancellationToken cancellationToken) =>
        await database.WriteAsync(async session =>
        {
            StoreAnswer admitted = await Admission.AdmitAsync(session, spending);
            return admitted == StoreAnswer.Done ? await write(session) : admitted;
        }, static answer => answer == StoreAnswer.Done, cancellationToken);

    private Task<T?> FindOfThisLineAsync<T>(string sql, SecretHash hash, CancellationToken cancellationToken) where T : class =>
        database.ReadAsync(async session => await session.FindAsync<T>(sql, new { hash = hash.ToOctets(), logId = (await session.HereAsync()).LogId }), cancellationToken);

    private long Now() => StoredTime.Of(timeProvider.GetUtcNow());
}
