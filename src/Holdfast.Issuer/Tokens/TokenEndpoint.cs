using System.Diagnostics;
using Holdfast.AspNetCore;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Issuer;

/// <summary>
/// The token endpoint (RFC 6749 §3.2), told in order. Everything that only reads comes first; then the proof is spent, then the assertion,
/// then the token is written: a refused request consumes nothing, so a client may send the same proof and assertion again
/// (a nonce challenge, a wrong scope), and a thief cannot use up what belongs to another.
/// </summary>
internal sealed class TokenEndpoint(IssuerConfig config, ClientAuthenticator authenticator, DPoPProofVerifier proofs,
    ClientCertificateVerifier certificates, ISpentAssertionStore assertions, AccessTokenWriter tokens, TokenAnswers answers, VerifierGate gate)
{
    // DPOP-AS-40, RFC 8705 §5: the alias is a name of the same endpoint, so a proof may name either, wherever it arrives: proxies and ports in between
    // cannot part them, and nothing is gained by confusing them, since a proof is spent under the name it states.
    private readonly HttpTarget[] _targets = config.MutualTls.TokenTarget is { } alias ? [config.TokenTarget, alias] : [config.TokenTarget];

    public async Task HandleAsync(HttpContext context)
    {
        // DPOP-AS-30, RFC 9449 §8: browsers may send DPoP and read DPoP-Nonce.
        if (TokenCors.IsPreflight(context))
        {
            TokenCors.AnswerPreflight(context);
            return;
        }
        using Activity? activity = VerifierMeter.Start();
        try
        {
            await answers.WriteAsync(context, await DecideIfThereIsRoomAsync(context), activity);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone; there is nobody to answer.
        }
    }

    // Before the body is read.
    private async ValueTask<TokenDecision> DecideIfThereIsRoomAsync(HttpContext context)
    {
        if (await gate.EnterAsync(VerifierRole.AuthorizationServer, config.Issuer) is { } overloaded)
            return TokenDecision.Refuse(overloaded);
        try
        {
            return await DecideAsync(context, context.RequestAborted);
        }
        finally
        {
            gate.Exit();
        }
    }

    private async ValueTask<TokenDecision> DecideAsync(HttpContext context, CancellationToken cancellationToken)
    {
        (TokenRequest? request, MalformedRequest problem) = await TokenRequestReader.ReadAsync(context, cancellationToken);
        if (request is null)
            return TokenDecision.Refuse(new(VerificationFailure.TokenRequestMalformed, problem.Expected, problem.Seen)) with { Status = problem.Status };

        // MTLS-01, RFC 8705 §2: from the handshake, or from a trusted proxy. FWD-02: what such a proxy hands on is read, or the request is refused.
        PresentedCertificate presented = ClientCertificates.Of(context);
        if (presented.Fault is { } fault)
            return TokenDecision.Refuse(fault) with { ClientId = Printable.From(request.ClientId) };

        ClientAuthentication authentication = await authenticator.AuthenticateAsync(request, DPoPFields.Read(context.Request.Headers.Authorization),
            presented.Certificate, cancellationToken);
        if (authentication.Client is not { } client)
            return TokenDecision.Refuse(authentication.Refusal!) with { ClientId = authentication.ClaimedClientId, Certificate = presented.Certificate };

        TokenDecision decision = new() { ClientId = client.ClientId, Certificate = presented.Certificate };
        if (client.CertificateBoundAccessTokens && RefuseBinding(presented.Certificate) is { } unbindable)
            return Refused(decision, unbindable);

        // DPOP-AS-01, RFC 9449 §5: the DPoP field is read whatever the grant type.
        FieldLines dpop = DPoPFields.Read(context.Request.Headers[DPoPFields.DPoP]);
        ProofOutcome proof = default;
        if (dpop.Count > 0)
        {
            // DPOP-AS-02, RFC 9449 §4.3: every check, without token; a stray ath is ignored.
            // DPOP-AS-20, DPOP-AS-22, DPOP-AS-28, RFC 9449 §8, §11.3: with the nonce policy of this server; a missing, stale or foreign
            // nonce is answered with a fresh one before anything is consumed.
            proof = proofs.Verify(dpop, context.Request.Method, _targets, accessToken: null, boundTo: null);
            decision = decision with { Proof = proof.Proof, OfferNonce = proof.OfferNonce };
            if (!proof.Passed)
                return Refused(decision, proof);
        }
        // DPOP-AS-14, RFC 9449 §5.2: a client with dpop_bound_access_tokens gets no token without a proof.
        else if (client.DPoPBoundAccessTokens)
        {
            return Refused(decision, new Refusal(VerificationFailure.BindingRequired, "a DPoP field", "none"));
        }

        // FAPI-02, RFC 6749 §4.4: authenticated clients with their own credentials; no password, no implicit.
        if (!string.Equals(request.GrantType, GrantTypes.ClientCredentials, StringComparison.Ordinal))
            return Refused(decision, new Refusal(VerificationFailure.GrantTypeUnsupported, GrantTypes.ClientCredentials, Printable.From(request.GrantType)));
        if (!GrantPolicy.TryGrant(config, client, request, out IssuerResource resource, out string scope, out Refusal? refusal))
            return Refused(decision, refusal ?? Refusal.Unspecified);

        // From here on things are consumed: the proof first, so that a restart's nonce challenge does not cost the assertion.
        if (proof.Passed)
        {
            proof = await proofs.SpendAsync(proof, trace: null, cancellationToken);
            decision = decision with { OfferNonce = proof.OfferNonce };
            if (!proof.Passed)
                return Refused(decision, proof);
        }
        if (authentication.Assertion is { } assertion && await SpendAsync(assertion, cancellationToken) is { } failure)
            return Refused(decision, new Refusal(failure));

        // MTLS-18, MTLS-31, RFC 8705 §3: to the certificate of this very connection, however the client authenticated. One that is merely there binds
        // nothing: whether a client's token needs a certificate is the same on every way it comes.
        var confirmation = new Confirmation { Jkt = proof.Proof?.Thumbprint, X5tS256 = client.CertificateBoundAccessTokens ? presented.Certificate?.Thumbprint : null };
        return decision with { Token = await IssueAsync(client, resource, scope, confirmation, cancellationToken) };
    }

    // MTLS-30, RFC 8705 §3.4: no certificate, no token; never an unbound one instead.
    private Refusal? RefuseBinding(ClientCertificate? certificate) =>
        certificate is null
            ? new(VerificationFailure.CertificateBindingRequired, "a client certificate", "none")
            : certificates.RefuseDates(certificate.NotBefore, certificate.NotAfter);

    // AT-94, AT-95, RFC 7523 §3: the jti of an assertion is used once, remembered apart from the jti of proofs.
    private async ValueTask<VerificationFailure?> SpendAsync(ClientAssertion assertion, CancellationToken cancellationToken) =>
        await assertions.TrySpendAsync(new(assertion.Sub, assertion.Jti!, assertion.Iat!.Value, assertion.Exp!.Value), cancellationToken) switch
        {
            SpendResult.Spent => null,
            SpendResult.Replayed => VerificationFailure.AssertionReplayed,
            SpendResult.Unavailable => VerificationFailure.AssertionStoreUnavailable,
        };

    private async ValueTask<TokenResponse> IssueAsync(IssuerClient client, IssuerResource resource, string scope, Confirmation confirmation, CancellationToken cancellationToken)
    {
        var content = new TokenContent(client.ClientId, resource.Identifier, scope, confirmation);
        return new TokenResponse(
            await tokens.WriteAsync(content, cancellationToken),
            // DPOP-AS-05, RFC 9449 §5: token_type DPoP for a token with a key, and for no other; RFC 8705 §3 leaves a certificate alone at Bearer.
            confirmation.Jkt is null ? "Bearer" : "DPoP",
            (long)config.AccessTokenLifetime.TotalSeconds,
            scope.Length == 0 ? null : scope);
    }

    private static TokenDecision Refused(TokenDecision decision, Refusal refusal) =>
        decision with { Recorded = refusal, Answered = refusal.Failure };

    private static TokenDecision Refused(TokenDecision decision, ProofOutcome outcome)
    {
        Debug.Assert(!outcome.Passed, "A proof that passed is not refused.");
        return decision with { Recorded = outcome.Recorded ?? Refusal.Unspecified, Answered = outcome.Answered, OfferNonce = outcome.OfferNonce };
    }
}
