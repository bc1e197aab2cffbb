using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Holdfast.AspNetCore;

/// <summary>Decides who is told what; <see cref="Microsoft.AspNetCore.Builder.HoldfastDiagnosticsExtensions"/> says why.</summary>
internal sealed class DiagnosticsEndpoint(HoldfastResources resources, VerifierClock clock, string scheme, string scope)
{
    public async Task AnswerAsync(HttpContext context)
    {
        AuthenticateResult result = await context.AuthenticateAsync(scheme);
        Verdict? verdict = context.Features.Get<IHoldfastFeature>()?.Verdict;
        if (!result.Succeeded || verdict is null)
        {
            await RefuseAsync(context, verdict);
            return;
        }
        if (!verdict.IsAccepted || verdict.Token is not { Confirmation.IsBound: true } token || !HasScope(token))
        {
            await context.ForbidAsync(scheme);
            return;
        }
        HoldfastResource resource = resources.Get(scheme);
        await WriteAsync(context, DiagnosisReader.Read(context, resource, token, clock.Now), DiagnosisJsonContext.Default.Diagnosis);
    }

    private async Task RefuseAsync(HttpContext context, Verdict? verdict)
    {
        TargetDiagnosis? diagnosis = verdict is null ? null : await DiagnoseTargetAsync(context, verdict);
        await context.ChallengeAsync(scheme);
        if (diagnosis is not null)
            await WriteAsync(context, diagnosis, DiagnosisJsonContext.Default.TargetDiagnosis);
    }

    // Null unless the target is all that is wrong: then the caller has proven, with a proof that nobody has used, that the key is in its hands.
    private async ValueTask<TargetDiagnosis?> DiagnoseTargetAsync(HttpContext context, Verdict refused)
    {
        if (refused.Recorded is not { Failure: VerificationFailure.TargetMismatch or VerificationFailure.TargetUnknown } recorded
            || refused.Token is not { } token || refused.Proof is not { } proof || proof.Htu == default || !HasScope(token))
        {
            return null;
        }
        HoldfastResource resource = resources.Get(scheme);
        var verifier = new RequestVerifier(new VerifiedToken(token), resource.Proofs, clock);
        PresentedRequest elsewhere = new Presentation(scheme, resource, verifier) { Authorization = DPoPFields.Read(context.Request.Headers.Authorization) }
            .Present(context, [proof.Htu], SenderConstraintMode.Require);
        Verdict verdict = await verifier.VerifyAsync(elsewhere, resource.Config, context.RequestAborted);
        // Where every proof needs a nonce, this is the only chance to get one: a wrong target is refused before nonces are looked at.
        if (verdict.OfferNonce is { } nonce)
            DPoPFields.OfferNonce(context.Response, nonce);
        return verdict.IsAccepted ? DiagnosisReader.ReadTarget(context, resource, recorded, clock.Now) : null;
    }

    private bool HasScope(AccessToken token) => token.Claims.Any(claim =>
        string.Equals(claim.Type, "scope", StringComparison.Ordinal) && claim.Value.Split(' ').Contains(scope, StringComparer.Ordinal));

    private static Task WriteAsync<T>(HttpContext context, T diagnosis, JsonTypeInfo<T> type)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(diagnosis, type, contentType: null, context.RequestAborted);
    }

    // The token of this very request, which was verified a moment ago: all else is verified again.
    private sealed class VerifiedToken(AccessToken token) : IAccessTokenVerifier
    {
        public ValueTask<AccessTokenResult> VerifyAsync(string _, ResourceConfig resource, CancellationToken cancellationToken) => new(AccessTokenResult.Verified(token));
    }
}
