using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Holdfast.Issuer;

/// <summary>
/// The revocation endpoint (RFC 7009): a client gives up a token of its own. A refresh token takes its grant with it, and every access token from it; an access
/// token goes alone. <c>token_type_hint</c> is not needed, since the two kinds look different. A public client gives up a token by holding it, with or without
/// its key: a thief gains nothing by ending what he has stolen.
/// </summary>
internal sealed class RevocationEndpoint(ClientEndpointServices services, IssuedTokenReader tokens, IIssuerStore store, TimeProvider timeProvider,
    ILogger<RevocationEndpoint> logger) : ClientEndpoint(services)
{
    private static readonly IssuerAnswer Done = new(StatusCodes.Status200OK, []);

    protected override async ValueTask<IssuerDecision> DecideAsync(ClientRequest request, IssuerDecision decision, CancellationToken cancellationToken)
    {
        if (request.Form["token"] is not { } text)
            return decision.Refused(new Refusal(VerificationFailure.TokenRequestMalformed, "token", "none"));
        // AT-37, RFC 7009 §2.
        (Refusal? refusal, StoreAnswer answer) = text.Contains('.', StringComparison.Ordinal)
            ? await RevokeAccessTokenAsync(request, text, cancellationToken)
            : await RevokeRefreshTokenAsync(request, text, cancellationToken);
        if (refusal is not null)
            return decision.Refused(refusal);
        return answer switch
        {
            StoreAnswer.Done => decision with { Answer = Done },
            StoreAnswer.Stale => decision with { IsStale = true },
            StoreAnswer.AssertionReplayed => decision.Refused(new Refusal(VerificationFailure.AssertionReplayed)),
            StoreAnswer.Gone or StoreAnswer.Unspecified => decision.Refused(Refusal.Unspecified),
        };
    }

    private async ValueTask<(Refusal?, StoreAnswer)> RevokeAccessTokenAsync(ClientRequest request, string text, CancellationToken cancellationToken)
    {
        (AccessToken? token, Refusal? refusal) = await tokens.ReadAsync(text, cancellationToken);
        // AT-39, RFC 7009 §2.2.1: an ID token, an assertion, a proof; said aloud, because its holder thinks that it counts no more.
        if (refusal is { Failure: VerificationFailure.TokenTypeWrong })
            return (new(VerificationFailure.TokenTypeUnsupported, "an access token or a refresh token", refusal.Seen), default);
        // AT-39, RFC 7009 §2.2: what is not valid anyway needs no revoking.
        if (token is null)
            return (null, await store.SpendAsync(request.Spending, cancellationToken));
        if (RefuseForeign(request, token.ClientId) is { } foreign)
            return (foreign, default);
        // AT-41: the same log of revocations as of every other way.
        return (null, await store.RevokeTokenAsync(token.Jti!, token.ExpiresAt, request.Spending, cancellationToken));
    }

    private async ValueTask<(Refusal?, StoreAnswer)> RevokeRefreshTokenAsync(ClientRequest request, string text, CancellationToken cancellationToken)
    {
        if (await store.FindRefreshTokenAsync(SecretHash.Of(text), cancellationToken) is not var (token, grant))
            return (null, await store.SpendAsync(request.Spending, cancellationToken));
        if (RefuseForeign(request, token.ClientId) is { } foreign)
            return (foreign, default);
        // AT-40, RFC 7009 §2.1: the grant, and with it every access token from it.
        StoreAnswer answer = await store.EndGrantAsync(grant.GrantId, "revoked", Config.TokensEndAt(timeProvider.GetUtcNow()), request.Spending, cancellationToken);
        if (answer == StoreAnswer.Done && request.Client.IsPublic)
            IssuerLog.LogGivenUp(logger, request.Client.ClientId, grant.GrantId);
        return (null, answer);
    }

    // AT-38, RFC 7009 §2.1: a token of another client is not revoked, and whoever tries is told (invalid_grant: issued to another client, RFC 6749 §5.2).
    private static Refusal? RefuseForeign(ClientRequest request, string clientId) => string.Equals(clientId, request.Client.ClientId, StringComparison.Ordinal)
        ? null
        : new(VerificationFailure.RefreshTokenInvalid, $"a token of {request.Client.ClientId}", Printable.From($"one of {clientId}"));
}
