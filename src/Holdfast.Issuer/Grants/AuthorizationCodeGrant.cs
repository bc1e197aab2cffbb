using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Issuer;

/// <summary>
/// An authorization code (RFC 6749 §4.1.3): who brings it must be who asked for it. Whatever only the true client can know is checked before anything about the
/// code is told or done, so that a stolen one shows its thief nothing, and ends nothing (design §1 rule 5).
/// </summary>
internal sealed class AuthorizationCodeGrant(IIssuerStore store, RefreshTokenFactory refreshTokens, TimeProvider timeProvider) : ITokenGrant
{
    private const string Parameter = "code";
    private const int MinVerifier = 43;
    private const int MaxVerifier = 128;
    private static readonly SearchValues<char> VerifierCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    public string GrantType => GrantTypes.AuthorizationCode;

    public async ValueTask<TokenPlan> PlanAsync(TokenAsking asking, CancellationToken cancellationToken)
    {
        (ClientRequest request, Confirmation confirmation) = asking;
        IssuerForm form = request.Form;
        if (form[Parameter] is not { } presented)
            return Refuse(VerificationFailure.TokenRequestMalformed, Parameter, "none");
        // RFC 6749 §5.2, §10.5: of this client, or of nobody.
        if (await store.FindCodeAsync(SecretHash.Of(presented), cancellationToken) is not var (code, grant))
            return Refuse(VerificationFailure.CodeInvalid, "a code of this server", "an unknown one");
        if (!string.Equals(code.ClientId, request.Client.ClientId, StringComparison.Ordinal))
            return Refuse(VerificationFailure.CodeInvalid, $"a code of {request.Client.ClientId}", Printable.From($"one of {code.ClientId}"));
        DateTimeOffset now = timeProvider.GetUtcNow();
        // FAPI-06, RFC 6749 §4.1.2. One that was redeemed does not come of age: its second use says something for as long as it is known.
        if (code.RedeemedAt is null && code.ExpiresAt <= now)
            return Refuse(VerificationFailure.CodeInvalid, $"one that expires after {now:O}", $"{code.ExpiresAt:O}");
        if (RefuseCaller(code, form, confirmation) is { } foreign)
            return TokenPlan.Refuse(foreign);
        // FAPI-17, AT-98, RFC 6749 §4.1.2: by whoever has the verifier, the key and the client's authentication; then two have what one should.
        if (code.RedeemedAt is { } redeemedAt)
        {
            return TokenPlan.Refuse(new(VerificationFailure.CodeReplayed, "a code that was not redeemed", $"redeemed at {redeemedAt:O}"),
                grant.EndedAt is null ? new GrantEnd(grant.GrantId, "code_reused") : null);
        }
        if (grant.EndedAt is not null)
            return Refuse(VerificationFailure.CodeInvalid, "a grant that lasts", "one that has ended");
        // AT-13, RFC 9068 §5: a client may have been registered by this name since.
        if (request.Snapshot.Clients.ContainsKey(grant.Subject))
            return Refuse(VerificationFailure.CodeInvalid, "a subject that is no client's identifier", Printable.From(grant.Subject));
        if (!GrantNarrowing.TryNarrow(request.Snapshot, request.Client, grant, form, out GrantNarrowing narrowed, out Refusal? refusal))
            return TokenPlan.Refuse(refusal ?? Refusal.Unspecified);

        (string? secret, RefreshToken? refreshToken) = request.Client.MayUse(GrantTypes.RefreshToken) ? refreshTokens.Create(request.Client, grant, confirmation) : default((string?, RefreshToken?));
        var content = new TokenContent(grant.ClientId, grant.Subject, grant.GrantId, narrowed.Resource.Identifier, narrowed.Scope, confirmation);
        return TokenPlan.Issue(content, async (spending, cancellation) => Again(await store.RedeemCodeAsync(code.Hash, refreshToken, spending, cancellation))) with
        {
            RefreshToken = secret,
            IdToken = narrowed.SaysWhoSignedIn ? new(grant.ClientId, grant.Subject, grant.AuthenticatedAt, code.Nonce) : null,
        };
    }

    private static Refusal? RefuseCaller(AuthorizationCode code, IssuerForm form, Confirmation confirmation)
    {
        // RFC 6749 §4.1.3: the same as in the authorization request, where it was stated there; otherwise, if at all, the one that was used.
        string? redirectUri = form["redirect_uri"];
        if (redirectUri is null ? code.IsRedirectUriStated : !string.Equals(redirectUri, code.RedirectUri, StringComparison.Ordinal))
            return new(VerificationFailure.CodeRedirectUriMismatch, Printable.From(code.RedirectUri), Printable.From(redirectUri ?? "none"));
        // AT-90, FAPI-14, RFC 7636 §4.6; a missing verifier is a wrong one. AT-91: there is no code without a challenge.
        if (!IsVerified(form["code_verifier"], code.CodeChallenge))
            return new(VerificationFailure.CodeVerifierWrong, "the verifier of the code_challenge", form["code_verifier"] is null ? "none" : "another");
        // DPOP-AS-31, DPOP-AS-32, FAPI-07, RFC 9449 §10: the key that the request named; no proof counts as another key.
        return code.DPoPJkt is { } jkt && confirmation.Jkt != jkt
            ? new(VerificationFailure.CodeBindingMismatch, $"a proof of the key {jkt}", confirmation.Jkt?.ToString() ?? "no proof")
            : null;
    }

    private static bool IsVerified(string? verifier, string challenge)
    {
        if (verifier is not { Length: >= MinVerifier and <= MaxVerifier } || verifier.AsSpan().ContainsAnyExcept(VerifierCharacters))
            return false;
        string computed = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(computed), Encoding.ASCII.GetBytes(challenge));
    }

    // Another request was faster. Decided again, this one finds that the code was redeemed, which ends what came from it.
    private static StoreAnswer Again(StoreAnswer answer) => answer == StoreAnswer.Gone ? StoreAnswer.Stale : answer;

    private static TokenPlan Refuse(VerificationFailure failure, string expected, string? seen) => TokenPlan.Refuse(new(failure, expected, seen));
}
