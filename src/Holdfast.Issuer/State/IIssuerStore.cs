using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>
/// Where the issuer keeps what is used once and what was granted. Each method is one transaction that is on the disk when it returns; of any number of calls
/// for the same single-use thing exactly one is answered <see cref="StoreAnswer.Done"/>. Codes, tokens and references are known to it by their hash alone
/// (<see cref="SecretHash"/>). Faults of the database are <see cref="StateUnavailableException"/>: then it may have been written or not.
/// </summary>
/// <remarks>
/// A caller decided by a registry that it had read up to a position. Where the registry has moved on, nothing is written and the answer is
/// <see cref="StoreAnswer.Stale"/>: the caller reads it again and decides again, so a client that was disabled at one node gets nothing at another.
/// </remarks>
public interface IIssuerStore
{
    /// <summary>
    /// Spends a client assertion and nothing else (RFC 7523 §3): for client credentials, and for requests that are answered without writing anything more.
    /// Without an assertion it only looks whether the registry has moved on.
    /// </summary>
    ValueTask<StoreAnswer> SpendAsync(Spending spending, CancellationToken cancellationToken);

    /// <summary>Keeps a pushed authorization request (RFC 9126).</summary>
    ValueTask<StoreAnswer> AddPushedRequestAsync(PushedRequest request, Spending spending, CancellationToken cancellationToken);

    /// <summary>A pushed request, used or not; null where there is none, or it was purged.</summary>
    ValueTask<PushedRequest?> FindPushedRequestAsync(SecretHash reference, CancellationToken cancellationToken);

    /// <summary>
    /// Begins a grant and keeps the code for it; uses up the pushed request it was asked with, where there is one. <see cref="StoreAnswer.Gone"/> where that
    /// was used before.
    /// </summary>
    ValueTask<StoreAnswer> AddCodeAsync(AuthorizationCode code, Grant grant, SecretHash? pushedRequest, Spending spending, CancellationToken cancellationToken);

    /// <summary>A code and its grant, redeemed or not, expired or not; null where there is none, or it was purged.</summary>
    ValueTask<(AuthorizationCode Code, Grant Grant)?> FindCodeAsync(SecretHash code, CancellationToken cancellationToken);

    /// <summary>Redeems a code, once, and keeps the refresh token that is issued for it. <see cref="StoreAnswer.Gone"/> where it was redeemed before or the grant has ended.</summary>
    ValueTask<StoreAnswer> RedeemCodeAsync(SecretHash code, RefreshToken? refreshToken, Spending spending, CancellationToken cancellationToken);

    /// <summary>A refresh token and its grant, replaced or not, expired or not; null where there is none, or it was purged.</summary>
    ValueTask<(RefreshToken Token, Grant Grant)?> FindRefreshTokenAsync(SecretHash token, CancellationToken cancellationToken);

    /// <summary>
    /// Uses a refresh token without replacing it. <see cref="StoreAnswer.Gone"/> where it was replaced or its grant has ended.
    /// </summary>
    /// <param name="token">Which.</param>
    /// <param name="expiresAt">When it expires from now on.</param>
    /// <param name="spending">What is spent with it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<StoreAnswer> UseRefreshTokenAsync(SecretHash token, DateTimeOffset expiresAt, Spending spending, CancellationToken cancellationToken);

    /// <summary>Replaces a refresh token, once. <see cref="StoreAnswer.Gone"/> where it was replaced before or its grant has ended.</summary>
    /// <param name="token">Which.</param>
    /// <param name="successor">What takes its place.</param>
    /// <param name="sealedSuccessor">The successor, encrypted under a key that only the holder of the replaced one has: for the grace answer.</param>
    /// <param name="at">When, for the grace.</param>
    /// <param name="spending">What is spent with it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<StoreAnswer> ReplaceRefreshTokenAsync(SecretHash token, RefreshToken successor, byte[] sealedSuccessor, DateTimeOffset at, Spending spending,
        CancellationToken cancellationToken);

    /// <summary>
    /// Ends a grant: its codes and refresh tokens count no more, and it is in the log of revocations until every access token from it has expired. Ending what
    /// has ended is <see cref="StoreAnswer.Done"/>.
    /// </summary>
    /// <param name="grantId">Which.</param>
    /// <param name="reason">Why, a short word.</param>
    /// <param name="tokensEndAt">When the last access token from it has expired.</param>
    /// <param name="spending">What is spent with it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<StoreAnswer> EndGrantAsync(string grantId, string reason, DateTimeOffset tokensEndAt, Spending spending, CancellationToken cancellationToken);

    /// <summary>Revokes one access token until it expires (RFC 7009).</summary>
    ValueTask<StoreAnswer> RevokeTokenAsync(string jti, DateTimeOffset expiresAt, Spending spending, CancellationToken cancellationToken);

    /// <summary>True where an access token, its grant, its client or its signing key is in the log of revocations.</summary>
    ValueTask<bool> IsRevokedAsync(TokenIdentity token, CancellationToken cancellationToken);

    /// <summary>The scopes that a person has allowed a client before; null where it was never asked.</summary>
    ValueTask<string?> FindConsentAsync(string subject, string clientId, CancellationToken cancellationToken);

    /// <summary>Remembers them, in place of what was remembered.</summary>
    ValueTask SaveConsentAsync(string subject, string clientId, string scopes, DateTimeOffset at, CancellationToken cancellationToken);
}
