namespace Holdfast.Issuer;

/// <summary>
/// A refresh token (RFC 6749 §6). Those of public clients are bound to a key or certificate and replaced at each use; those of confidential ones stay, and are
/// held by client authentication (DPOP-AS-09, MTLS-45), so that such a client is free to change its key. What a token is bound to is read from the token as it
/// was issued, never from what its client is registered as today.
/// </summary>
internal sealed class RefreshTokenGrant(IIssuerStore store, RefreshTokenFactory factory, TimeProvider timeProvider) : ITokenGrant
{
    /// <summary>How long the answer to a refresh is given again: two tabs of a browser, an answer that was lost on the way.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private const string Parameter = "refresh_token";

    public string GrantType => GrantTypes.RefreshToken;

    public async ValueTask<TokenPlan> PlanAsync(TokenAsking asking, CancellationToken cancellationToken)
    {
        (ClientRequest request, Confirmation confirmation) = asking;
        if (request.Form[Parameter] is not { } presented)
            return TokenPlan.Refuse(new(VerificationFailure.TokenRequestMalformed, Parameter, "none"));
        // RFC 6749 §6, §10.4: of this client, or of nobody. Whoever guesses learns nothing else.
        if (await store.FindRefreshTokenAsync(SecretHash.Of(presented), cancellationToken) is not var (token, grant))
            return Invalid("a refresh token of this server", "an unknown one");
        if (!string.Equals(token.ClientId, request.Client.ClientId, StringComparison.Ordinal))
            return Invalid($"a refresh token of {request.Client.ClientId}", Printable.From($"one of {token.ClientId}"));
        // Before anything about the token is told or done: a stolen one shows its thief nothing, and ends nothing (design §1 rule 5).
        if (RefuseBinding(token, confirmation, request.Certificate) is { } mismatch)
            return TokenPlan.Refuse(mismatch);

        DateTimeOffset now = timeProvider.GetUtcNow();
        if (grant.EndedAt is not null || grant.ExpiresAt <= now)
            return Invalid("a grant that lasts", "one that has ended");
        if (token.ReplacedAt is { } replacedAt)
            return await AgainAsync(asking, presented, token, replacedAt, grant, now, cancellationToken);
        if (token.ExpiresAt <= now)
            return Invalid($"one that expires after {now:O}", $"{token.ExpiresAt:O}");
        if (!GrantNarrowing.TryNarrow(request.Snapshot, request.Client, grant, request.Form, out GrantNarrowing narrowed, out Refusal? refusal))
            return TokenPlan.Refuse(refusal ?? Refusal.Unspecified);
        TokenContent content = Content(grant, narrowed, confirmation);
        IdTokenContent? idToken = IdToken(grant, narrowed);
        // FAPI-05, FAPI 2.0 §5.3.2.1: no rotation where the client is authenticated; MCP-11, AT-96, RFC 9700 §2.2.2: rotation where it is not.
        if (!ProfileRules.RotatesRefreshTokens(request.Client))
        {
            return TokenPlan.Issue(content, async (spending, cancellation) =>
                Again(await store.UseRefreshTokenAsync(token.Hash, factory.ExpiresAt(grant), spending, cancellation))) with { RefreshToken = presented, IdToken = idToken };
        }
        (string text, RefreshToken successor) = factory.Create(request.Client, grant, confirmation);
        // DPOP-AS-10, RFC 9449 §5: a successor is bound to no less than what it replaces, whatever the access token is.
        successor = successor with { DPoPJkt = token.DPoPJkt ?? successor.DPoPJkt, X5tS256 = token.X5tS256 ?? successor.X5tS256 };
        byte[] sealedSuccessor = SealedRefreshToken.Seal(presented, text);
        return TokenPlan.Issue(content, async (spending, cancellation) =>
            Again(await store.ReplaceRefreshTokenAsync(token.Hash, successor, sealedSuccessor, now, spending, cancellation))) with { RefreshToken = text, IdToken = idToken };
    }

    // It was replaced. To its proven holder the same answer is given again for a moment, as long as nobody has gone on from it.
    private async ValueTask<TokenPlan> AgainAsync(TokenAsking asking, string presented, RefreshToken token, DateTimeOffset replacedAt, Grant grant, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        bool isBound = token.DPoPJkt is not null || token.X5tS256 is not null;
        if (isBound && now - replacedAt <= Grace && token.SealedSuccessor is { } sealedSuccessor && SealedRefreshToken.Open(presented, sealedSuccessor) is { } text
            && await store.FindRefreshTokenAsync(SecretHash.Of(text), cancellationToken) is var (successor, _) && successor.ReplacedAt is null && successor.ExpiresAt > now)
        {
            return GrantNarrowing.TryNarrow(asking.Request.Snapshot, asking.Request.Client, grant, asking.Request.Form, out GrantNarrowing narrowed, out Refusal? refusal)
                ? TokenPlan.Issue(Content(grant, narrowed, asking.Confirmation), store.SpendAsync) with { RefreshToken = text, IdToken = IdToken(grant, narrowed) }
                : TokenPlan.Refuse(refusal ?? Refusal.Unspecified);
        }
        // RFC 9700 §4.14.2: two hold what one should, and which of them is the thief cannot be told. Only with proof of the key does it get here; a token that
        // is bound to nothing proves itself by being presented.
        return TokenPlan.Refuse(new(VerificationFailure.RefreshTokenReused, $"its successor, or the same within {Grace.TotalSeconds} s", $"replaced at {replacedAt:O}"),
            new GrantEnd(grant.GrantId, "refresh_token_reused"));
    }

    // DPOP-AS-08, RFC 9449 §5: the key of the proof is the one it is bound to; none counts as another one, also for a client that may have unbound tokens.
    // MTLS-32, RFC 8705 §4: the same of the certificate.
    private static Refusal? RefuseBinding(RefreshToken token, Confirmation confirmation, ClientCertificate? certificate)
    {
        if (token.DPoPJkt is { } jkt && confirmation.Jkt != jkt)
            return new(VerificationFailure.RefreshTokenBindingMismatch, $"a proof of the key {jkt}", confirmation.Jkt?.ToString() ?? "no proof");
        if (token.X5tS256 is { } expected && certificate?.Thumbprint != expected)
            return new(VerificationFailure.RefreshTokenBindingMismatch, $"the certificate {expected}", certificate?.Thumbprint.ToString() ?? "no certificate");
        return null;
    }

    // DPOP-AS-11, RFC 9449 §5: the new access token is bound to the proof of this very request.
    private static TokenContent Content(Grant grant, GrantNarrowing narrowed, Confirmation confirmation) =>
        new(grant.ClientId, grant.Subject, grant.GrantId, narrowed.Resource.Identifier, narrowed.Scope, confirmation);

    // OpenID Connect Core §12.2: the same sub and auth_time as at sign-in, and no nonce.
    private static IdTokenContent? IdToken(Grant grant, GrantNarrowing narrowed) =>
        narrowed.SaysWhoSignedIn ? new(grant.ClientId, grant.Subject, grant.AuthenticatedAt, null) : null;

    // Another request was faster. Decided again, this one finds what that one did: the grace answer, or that the grant has ended.
    private static StoreAnswer Again(StoreAnswer answer) => answer == StoreAnswer.Gone ? StoreAnswer.Stale : answer;

    private static TokenPlan Invalid(string expected, string seen) => TokenPlan.Refuse(new(VerificationFailure.RefreshTokenInvalid, expected, seen));
}
