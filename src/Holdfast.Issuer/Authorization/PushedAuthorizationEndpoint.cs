using System.Text.Json;
using Holdfast.AspNetCore;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Issuer;

/// <summary>
/// The pushed authorization request endpoint (RFC 9126 §2): a client says beforehand, authenticated, what its authorization request will be, and gets a reference
/// to it. AT-82: the reference cannot be guessed, and is of use to this client alone.
/// </summary>
internal sealed class PushedAuthorizationEndpoint(ClientEndpointServices services, DPoPProofVerifier proofs, IIssuerStore store, IssuerRateLimits limits, TimeProvider timeProvider)
    : ClientEndpoint(services)
{
    /// <summary>What every reference begins with (RFC 9126 §2.2).</summary>
    public const string Prefix = "urn:ietf:params:oauth:request_uri:";

    // FAPI-18, FAPI 2.0 §5.3.2.2: under 600 s.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(90);

    // DPOP-AS-40, RFC 8705 §5: the alias is a name of the same endpoint.
    private readonly HttpTarget[] _targets = services.Config.PushedAuthorizationTargets;

    // AT-80, RFC 9126 §2.1: a reference in place of a request is refused here.
    protected override Refusal? CheckForm(IssuerForm form) =>
        form["request_uri"] is { } uri ? new(VerificationFailure.AuthorizationRequestMalformed, "the request itself", Printable.From($"request_uri {uri}")) : null;

    protected override async ValueTask<IssuerDecision> DecideAsync(ClientRequest request, IssuerDecision decision, CancellationToken cancellationToken)
    {
        IssuerClient client = request.Client;
        // AT-81, RFC 9126 §2.1: everything that can be checked without the person is checked now.
        if (!client.MayUse(GrantTypes.AuthorizationCode))
            return decision.Refused(new Refusal(VerificationFailure.GrantTypeNotAllowed, string.Join(", ", client.Registered.GrantTypes), GrantTypes.AuthorizationCode));

        // DPOP-AS-34, RFC 9449 §10.1: every check, against the URL of this endpoint.
        FieldLines dpop = DPoPFields.Read(request.Http.Request.Headers[DPoPFields.DPoP]);
        ProofOutcome proof = default;
        if (dpop.Count > 0)
        {
            proof = request.SpentProof ?? proofs.Verify(dpop, request.Http.Request.Method, _targets, accessToken: null, boundTo: null);
            decision = decision with { Proof = proof.Proof, OfferNonce = proof.OfferNonce };
            if (!proof.Passed)
                return decision.Refused(proof);
            if (ProfileRules.RefuseProof(client, proof.Proof!) is { } unfit)
                return decision.Refused(unfit);
        }

        var pushed = AuthorizationRequest.From(client.ClientId, request.Form);
        if (RegisteredRedirect.Find(client, pushed.RedirectUri) is null)
            return decision.Refused(new Refusal(VerificationFailure.RedirectUriNotRegistered, string.Join(' ', client.Registered.RedirectUris), Printable.From(pushed.RedirectUri ?? "none")));
        if (AuthorizationRequestRules.Accept(request.Snapshot, client, pushed, out AuthorizationRefusal? refusal) is not { } accepted)
            return decision.Refused(refusal!.Refusal) with { Error = refusal.Error };
        // DPOP-AS-33, DPOP-AS-34, DPOP-AS-35, RFC 9449 §10.1: by either way, and where both are there they name one key.
        if (proof.Proof is { } keyed)
        {
            if (accepted.DPoPJkt is { } stated && stated != keyed.Thumbprint)
                return decision.Refused(new Refusal(VerificationFailure.BindingConflict, $"a proof of the key {stated}", keyed.Thumbprint.ToString()));
            pushed = pushed with { DPoPJkt = keyed.Thumbprint.ToString() };
        }

        // Anybody can push for a public client; what is kept for it is bounded.
        if (request.SpentProof is null && limits.CountRequest(client, request.Http.Connection.RemoteIpAddress) is { } wait)
            return decision.Refused(new Refusal(VerificationFailure.RateLimited, $"at most {Config.RateLimits.TokenRequestsPerMinute} requests a minute", "more")) with { RetryAfter = wait };

        if (proof.Passed && request.SpentProof is null)
        {
            proof = await proofs.SpendAsync(proof, trace: null, cancellationToken);
            decision = decision with { OfferNonce = proof.OfferNonce };
            if (!proof.Passed)
                return decision.Refused(proof);
            request.SpentProof = proof;
        }
        string reference = Prefix + RandomText.Secret();
        StoreAnswer answer = await store.AddPushedRequestAsync(Keep(reference, pushed), request.Spending, cancellationToken);
        return answer switch
        {
            StoreAnswer.Done => decision with { Answer = Written(reference) },
            StoreAnswer.Stale => decision with { IsStale = true },
            StoreAnswer.AssertionReplayed => decision.Refused(new Refusal(VerificationFailure.AssertionReplayed)),
            StoreAnswer.Gone or StoreAnswer.Unspecified => decision.Refused(Refusal.Unspecified),
        };
    }

    private PushedRequest Keep(string reference, AuthorizationRequest request) => new()
    {
        Reference = SecretHash.Of(reference),
        ClientId = request.ClientId,
        Parameters = JsonSerializer.Serialize(request, IssuerJsonContext.Default.AuthorizationRequest),
        ExpiresAt = timeProvider.GetUtcNow() + Lifetime,
    };

    private static IssuerAnswer Written(string reference) => new(StatusCodes.Status201Created,
        JsonSerializer.SerializeToUtf8Bytes(new PushedAuthorizationResponse(reference, (long)Lifetime.TotalSeconds), IssuerJsonContext.Default.PushedAuthorizationResponse));
}
