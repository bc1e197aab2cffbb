using System.Diagnostics;

namespace Holdfast;

/// <summary>
/// The one verifier: credentials, token, binding, certificate, proof, replay, in this order. Nothing is consumed before everything else passed.
/// </summary>
public sealed class RequestVerifier(IAccessTokenVerifier tokens, DPoPProofVerifier proofs, VerifierClock clock)
{
    /// <summary>Verifies. Bad input and store faults are verdicts, never exceptions; cancellation throws.</summary>
    public ValueTask<Verdict> VerifyAsync(PresentedRequest request, ResourceConfig resource, CancellationToken cancellationToken) =>
        VerifyAsync(request, resource, null, cancellationToken);

    /// <summary>The same, and records each check that passed.</summary>
    public async ValueTask<Verdict> VerifyAsync(PresentedRequest request, ResourceConfig resource, VerificationTrace? trace, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        using Activity? activity = VerifierMeter.Start();
        Verdict verdict = await DecideAsync(request, resource, trace, cancellationToken);
        VerifierMeter.Record(VerifierRole.ResourceServer, verdict, resource.Name, clock.Now, activity);
        return verdict;
    }

    // The same leeway as for the times of tokens.
    private static readonly TimeSpan CertificateClockSkew = TimeSpan.FromSeconds(10);

    private async ValueTask<Verdict> DecideAsync(PresentedRequest request, ResourceConfig resource, VerificationTrace? trace, CancellationToken cancellationToken)
    {
        if (Credentials.Read(request, trace, out Credentials credentials, out bool isDPoP) is { } malformed)
            return Refuse(malformed);

        // FWD-02, FWD-28, RFC 9440 §2.2: what a trusted proxy says of the certificate is read, or the request is refused, whatever its token is bound to.
        if (request.Certificate.Fault is { } fault)
            return Verdict.Refuse(fault, fault.Failure, isDPoP);

        // DPOP-RS-25, RFC 9068 §4: issuer, audience, times and signature as for any token; a good proof never replaces them.
        if (!tokens.TryRecall(credentials.Token, resource, out AccessToken? token))
        {
            AccessTokenResult result = await tokens.VerifyAsync(credentials.Token.ToString(), resource, cancellationToken);
            if (!result.TryGet(out token, out Refusal? refusal))
                return Verdict.Refuse(refusal, refusal.Failure, isDPoP);
        }
        trace?.Pass(VerificationCheck.AccessToken);

        // DPOP-RS-01, RFC 9449 §6: the binding is read from the token, never from the scheme the caller chose.
        Confirmation confirmation = token.Confirmation;
        if (!confirmation.IsBound)
            return DecideUnbound(request, resource, token, isDPoP, trace);

        // DPOP-RS-03, RFC 9449 §7.2: a token with a key is never a bearer token, in no mode.
        if (confirmation.Jkt is not null && !isDPoP)
            return Refuse(VerificationFailure.BoundTokenAsBearer, token, "Authorization: DPoP and a proof", "Authorization: Bearer");
        // DPOP-RS-04, RFC 9449 §7.1: and one without a key never comes by the DPoP scheme, where its proof would prove nothing.
        if (confirmation.Jkt is null && isDPoP)
            return Refuse(VerificationFailure.UnboundTokenWithDPoP, token, "a token with cnf.jkt", "cnf with x5t#S256 alone");
        trace?.Pass(VerificationCheck.Binding);

        // DPOP-RS-23, RFC 8705 §3: x5t#S256 needs the certificate, jkt the proof, and a token with both needs both.
        if (confirmation.X5tS256 is { } bound && RefuseCertificate(bound, request.Certificate.Certificate) is { } mismatch)
            return Verdict.Refuse(mismatch, mismatch.Failure, isDPoP, token) with { Certificate = request.Certificate.Certificate };
        if (confirmation.X5tS256 is not null)
            trace?.Pass(VerificationCheck.Certificate);
        if (confirmation.Jkt is not { } jkt)
            return Verdict.Accept(token, null, null) with { Certificate = request.Certificate.Certificate };

        // DPOP-RS-02, RFC 9449 §7.1: proof and key match, or nothing is granted.
        ProofOutcome outcome = proofs.Verify(request.DPoP, request.Method, request.Targets, token.Hash ?? AccessTokenHash.Of(credentials.Token), jkt, trace);
        if (outcome.Passed)
            outcome = await proofs.SpendAsync(outcome, trace, cancellationToken);
        Verdict verdict = outcome.Passed
            ? Verdict.Accept(token, outcome.Proof, outcome.OfferNonce, usedDPoPScheme: true)
            : Verdict.Refuse(outcome.Recorded!, outcome.Answered, isDPoP, token, outcome.Proof, outcome.OfferNonce);
        return confirmation.X5tS256 is null ? verdict : verdict with { Certificate = request.Certificate.Certificate };

        Verdict Refuse(VerificationFailure failure, AccessToken? verified = null, string? expected = null, string? seen = null) =>
            Verdict.Refuse(new Refusal(failure, expected, seen), failure, isDPoP, verified);
    }

    // MTLS-23, MTLS-24, MTLS-25, RFC 8705 §3: the certificate of the TLS connection is the one in the token; none counts as another. Its chain is
    // not looked at (MTLS-26): only its key was proven, by the handshake.
    private Refusal? RefuseCertificate(CertificateThumbprint bound, ClientCertificate? presented)
    {
        if (presented is null)
            return new(VerificationFailure.CertificateMissing, bound.ToString(), "no client certificate");
        if (presented.Thumbprint != bound)
            return new(VerificationFailure.CertificateMismatch, bound.ToString(), presented.Thumbprint.ToString());
        // MTLS-44, RFC 8705 §7.5: TLS stacks that accept self-signed certificates accept expired ones too.
        DateTimeOffset now = clock.Now;
        // Differences, not sums: RFC 5280 §4.1.2.5 writes "no end" as the last second of the year 9999, to which nothing can be added.
        if (presented.NotAfter is { } end && now - end > CertificateClockSkew)
            return new(VerificationFailure.CertificateExpired, $"notAfter past {now:O}", $"{end:O}");
        if (presented.NotBefore is { } start && start - now > CertificateClockSkew)
            return new(VerificationFailure.CertificateNotYetValid, $"notBefore up to {now:O}", $"{start:O}");
        return null;
    }

    private Verdict DecideUnbound(PresentedRequest request, ResourceConfig resource, AccessToken token, bool isDPoP, VerificationTrace? trace)
    {
        // DPOP-RS-04, RFC 9449 §7.1: the DPoP scheme with a token that binds to nothing would make the proof a decoration; refused in both modes.
        if (isDPoP)
        {
            var decorated = new Refusal(VerificationFailure.UnboundTokenWithDPoP, "a token with cnf.jkt", "no cnf");
            return Verdict.Refuse(decorated, decorated.Failure, isDPoP, token);
        }
        // DPOP-RS-24, RFC 9728 §2: where a binding is required, a bearer token is refused; in observe mode that is recorded instead.
        SenderConstraintMode mode = StrictestMode(resource, request.RouteMode, token.ClientId, out SenderConstraintExemption? exemption);
        string expected = exemption is null ? "a bound token" : $"a bound token; exempt until {exemption.Until:O}: {exemption.Name}";
        var unbound = new Refusal(VerificationFailure.UnboundToken, expected, "no cnf");
        if (mode == SenderConstraintMode.Require)
            return Verdict.Refuse(unbound, unbound.Failure, isDPoP, token);
        trace?.Pass(VerificationCheck.Binding);
        return Verdict.Accept(token, null, null, recorded: unbound);
    }

    // The strictest of resource and route; only a named exemption with an end date loosens it, for one client.
    private SenderConstraintMode StrictestMode(ResourceConfig resource, SenderConstraintMode? route, string clientId, out SenderConstraintExemption? exemption)
    {
        exemption = null;
        if (resource.Mode == SenderConstraintMode.Observe && route is null or SenderConstraintMode.Observe)
            return SenderConstraintMode.Observe;
        DateTimeOffset now = clock.Now;
        foreach (SenderConstraintExemption candidate in resource.Exemptions)
        {
            if (string.Equals(candidate.ClientId, clientId, StringComparison.Ordinal) && now < candidate.Until)
            {
                exemption = candidate;
                return SenderConstraintMode.Observe;
            }
        }
        return SenderConstraintMode.Require;
    }
}
