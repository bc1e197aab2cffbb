using System.Text.Json;
using Holdfast.AspNetCore;
using Holdfast.Registry;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Issuer;

/// <summary>
/// The token endpoint (RFC 6749 §3.2), told in order. Everything that only reads comes first; then the proof is spent, then in one transaction the assertion and
/// the code or refresh token, then the tokens are written: a refused request consumes nothing, so a client may send the same proof and assertion again
/// (a nonce challenge, a wrong scope), and a thief cannot use up what belongs to another.
/// </summary>
internal sealed class TokenEndpoint(ClientEndpointServices services, DPoPProofVerifier proofs, ClientCertificateVerifier certificates, IEnumerable<ITokenGrant> grants,
    IIssuerStore store, TokenSigner signer, AccessTokenWriter tokens, IdTokenWriter idTokens, IssuerRateLimits limits, ClientUses uses, TimeProvider timeProvider) : ClientEndpoint(services)
{
    // DPOP-AS-40, RFC 8705 §5: the alias is a name of the same endpoint, so a proof may name either, wherever it arrives: proxies and ports in between
    // cannot part them, and nothing is gained by confusing them, since a proof is spent under the name it states.
    private readonly HttpTarget[] _targets = services.Config.MutualTls.TokenTarget is { } alias ? [services.Config.TokenTarget, alias] : [services.Config.TokenTarget];

    private readonly Dictionary<string, ITokenGrant> _grants = grants.ToDictionary(grant => grant.GrantType, StringComparer.Ordinal);

    protected override Refusal? CheckForm(IssuerForm form) => form.GrantType is null ? new(VerificationFailure.TokenRequestMalformed, "grant_type", "none") : null;

    protected override async ValueTask<IssuerDecision> DecideAsync(ClientRequest request, IssuerDecision decision, CancellationToken cancellationToken)
    {
        IssuerClient client = request.Client;
        string grantType = request.Form.GrantType!;
        if (client.CertificateBoundAccessTokens && RefuseBinding(request.Certificate) is { } unbindable)
            return decision.Refused(unbindable);

        // DPOP-AS-01, RFC 9449 §5: the DPoP field is read whatever the grant type.
        FieldLines dpop = DPoPFields.Read(request.Http.Request.Headers[DPoPFields.DPoP]);
        ProofOutcome proof = default;
        if (dpop.Count > 0)
        {
            // DPOP-AS-02, RFC 9449 §4.3: every check, without token; a stray ath is ignored.
            // DPOP-AS-20, DPOP-AS-22, DPOP-AS-28, RFC 9449 §8, §11.3: with the nonce policy of this server; a missing, stale or foreign
            // nonce is answered with a fresh one before anything is consumed.
            proof = request.SpentProof ?? proofs.Verify(dpop, request.Http.Request.Method, _targets, accessToken: null, boundTo: null);
            decision = decision with { Proof = proof.Proof, OfferNonce = proof.OfferNonce };
            if (!proof.Passed)
                return decision.Refused(proof);
            if (ProfileRules.RefuseProof(client, proof.Proof!) is { } unfit)
                return decision.Refused(unfit);
        }
        // DPOP-AS-14, RFC 9449 §5.2: a client with dpop_bound_access_tokens gets no token without a proof.
        else if (client.DPoPBoundAccessTokens)
        {
            return decision.Refused(new Refusal(VerificationFailure.BindingRequired, "a DPoP field", "none"));
        }

        // FAPI-02, RFC 6749 §4.4: no password, no implicit; and what the client is registered for.
        if (!_grants.TryGetValue(grantType, out ITokenGrant? grant))
            return decision.Refused(new Refusal(VerificationFailure.GrantTypeUnsupported, string.Join(", ", _grants.Keys), Printable.From(grantType)));
        if (!client.MayUse(grantType))
            return decision.Refused(new Refusal(VerificationFailure.GrantTypeNotAllowed, string.Join(", ", client.Registered.GrantTypes), grantType));

        // Only now: neither a nonce challenge nor a proof that anybody could send for a public client uses up what a client may ask for (field note 16).
        if (request.SpentProof is null && limits.CountRequest(client, request.Http.Connection.RemoteIpAddress) is { } wait)
            return decision.Refused(new Refusal(VerificationFailure.RateLimited, $"at most {Config.RateLimits.TokenRequestsPerMinute} requests a minute", "more")) with { RetryAfter = wait };

        // MTLS-18, MTLS-31, RFC 8705 §3: to the certificate of this very connection, however the client authenticated. One that is merely there binds
        // nothing: whether a client's token needs a certificate is the same on every way it comes.
        var confirmation = new Confirmation { Jkt = proof.Proof?.Thumbprint, X5tS256 = client.CertificateBoundAccessTokens ? request.Certificate?.Thumbprint : null };
        TokenPlan plan = await grant.PlanAsync(new(request, confirmation), cancellationToken);
        if (plan is { Refusal: { } refusal, Ends: null })
            return decision.Refused(refusal);

        if (RefuseToSign(request) is { } unsigned)
            return decision.Refused(unsigned);

        // From here on things are consumed: the proof first, so that a restart's nonce challenge does not cost the assertion.
        if (proof.Passed && request.SpentProof is null)
        {
            proof = await proofs.SpendAsync(proof, trace: null, cancellationToken);
            decision = decision with { OfferNonce = proof.OfferNonce };
            if (!proof.Passed)
                return decision.Refused(proof);
            request.SpentProof = proof;
        }
        StoreAnswer answer = plan.Ends is { } end
            ? await store.EndGrantAsync(end.GrantId, end.Reason, Config.TokensEndAt(timeProvider.GetUtcNow()), request.Spending, cancellationToken)
            : await plan.CommitAsync(request.Spending, cancellationToken);
        return answer switch
        {
            StoreAnswer.Done when plan.Refusal is { } refused => decision.Refused(refused),
            StoreAnswer.Done => decision with { Answer = await IssueAsync(request, grantType, plan, cancellationToken) },
            StoreAnswer.Stale => decision with { IsStale = true },
            StoreAnswer.AssertionReplayed => decision.Refused(new Refusal(VerificationFailure.AssertionReplayed)),
            StoreAnswer.Gone => decision.Refused(new Refusal(plan.WhenGone)),
            StoreAnswer.Unspecified => decision.Refused(Refusal.Unspecified),
        };
    }

    private Refusal? RefuseToSign(ClientRequest request)
    {
        if (signer.ProblemOf(request.Snapshot) is { } problem)
            return new(VerificationFailure.IssuerStateUnavailable, "a signing key", Printable.From(problem));
        return signer.AlgorithmOf(request.Snapshot) is { } alg && !ProfileRules.AllowsSignature(request.Client, alg)
            ? new(VerificationFailure.IssuerStateUnavailable, "a signing key for ES256 or PS256", alg)
            : null;
    }

    // MTLS-30, RFC 8705 §3.4: no certificate, no token; never an unbound one instead.
    private Refusal? RefuseBinding(ClientCertificate? certificate) =>
        certificate is null
            ? new(VerificationFailure.CertificateBindingRequired, "a client certificate", "none")
            : certificates.RefuseDates(certificate.NotBefore, certificate.NotAfter);

    private async ValueTask<IssuerAnswer> IssueAsync(ClientRequest request, string grantType, TokenPlan plan, CancellationToken cancellationToken)
    {
        string accessToken = await tokens.WriteAsync(plan.Content, request.Snapshot, cancellationToken);
        var response = new TokenResponse(
            accessToken,
            // DPOP-AS-05, RFC 9449 §5: token_type DPoP for a token with a key, and for no other; RFC 8705 §3 leaves a certificate alone at Bearer.
            plan.Content.Confirmation.Jkt is null ? "Bearer" : "DPoP",
            (long)Config.AccessTokenLifetime.TotalSeconds,
            plan.Content.Scope.Length == 0 ? null : plan.Content.Scope,
            plan.RefreshToken,
            plan.IdToken is { } idToken ? await idTokens.WriteAsync(idToken, accessToken, request.Snapshot, cancellationToken) : null);
        uses.Note(request, grantType, plan.Content);
        return new(StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(response, IssuerJsonContext.Default.TokenResponse));
    }
}
