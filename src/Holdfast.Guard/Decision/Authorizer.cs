using Holdfast.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Holdfast.Guard.Internal;

/// <summary>
/// Decides about one request of a client, told by a proxy: the peer is trusted, the original request is complete, it has a route, the one verifier accepts
/// it, the token has the scopes; then the upstream gets a context.
/// </summary>
internal sealed class Authorizer(
    GuardConfig config, RouteTable routes, GuardedResources resources, ContextWriter contexts, VerificationReporter reporter, VerifierGate gate, VerifierClock clock, TimeProvider timeProvider, ILogger<Authorizer> logger)
{
    /// <summary>The name under which refusals before any resource is known are reported.</summary>
    public const string Unnamed = "guard";

    // Where something does not answer, every decision that waits for it is late.
    private readonly LogBudget _timeouts = new(timeProvider, perSecond: 1, burst: 10);

    public async ValueTask<Decision> DecideAsync(HttpContext context, ProxyContract contract, GuardListener listener)
    {
        // FWD-20, FWD-51: from anyone but the proxy, nothing of what the fields say is read.
        if (RefusePeer(context, listener) is { } untrusted)
            return Refuse(context, untrusted);
        string rawTarget = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (contract.Read(context.Request, rawTarget, out OriginalCall call) is { } incomplete)
            return Refuse(context, incomplete);
        BecomeOriginal(context, call);
        // FWD-50, DPOP-V-21: from here on, the request is the client's and not the proxy's question about it.
        if (!HttpTarget.TryCreate($"{call.Scheme}://{call.Host}", call.Uri, out HttpTarget addressed))
            return Refuse(context, new(VerificationFailure.TargetUnknown, "a path that a proof could name", Printable.From(call.Uri)));
        if (FindRoute(addressed, call, out Refusal? noRoute) is not { } route)
            return Refuse(context, noRoute!);
        IReadOnlyList<HttpTarget> targets = route.Targets.Resolve(context);
        if (targets.Count == 0)
            return Refuse(context, new(VerificationFailure.TargetUnknown, "a path with the prefix that the proxy adds", Printable.From(call.Uri)));
        return await VerifyIfThereIsRoomAsync(context, call, route, targets, takesCertificates: listener.ForwardedCertificate is not null);
    }

    private async ValueTask<Decision> VerifyIfThereIsRoomAsync(HttpContext context, OriginalCall call, GuardRoute route, IReadOnlyList<HttpTarget> targets, bool takesCertificates)
    {
        string resource = route.Resource.Config.Name;
        if (await gate.EnterAsync(VerifierRole.ResourceServer, resource) is { } overloaded)
        {
            reporter.Report(context, VerifierRole.ResourceServer, resource, overloaded, overloaded.Failure);
            return Decision.Refuse(overloaded.Failure);
        }
        try
        {
            return await VerifyAsync(context, call, route, targets, takesCertificates);
        }
        finally
        {
            gate.Exit();
        }
    }

    // Where certificates come by this listener, the peer was judged with them, and its secret is gone from the request.
    private static Refusal? RefusePeer(HttpContext context, GuardListener listener) =>
        context.Features.Get<IForwardedCertificateFeature>() is ForwardedCertificateFeature judged ? judged.Untrusted : listener.Trust!.Refuse(context);

    private async ValueTask<Decision> VerifyAsync(HttpContext context, OriginalCall call, GuardRoute route, IReadOnlyList<HttpTarget> targets, bool takesCertificates)
    {
        GuardedResource resource = resources.Of(route);
        Verdict verdict = await VerifyInTimeAsync(context, new PresentedRequest
        {
            Method = call.Method,
            Targets = targets,
            Authorization = DPoPFields.Read(context.Request.Headers.Authorization),
            DPoP = ProofLines.Of(context.Request),
            Certificate = ClientCertificates.Of(context),
            TokenOutsideHeader = StrayToken.InQuery(context.Request),
            RouteMode = route.Mode,
        }, resource);
        reporter.Report(context, VerifierRole.ResourceServer, resource.Config.Name, verdict);
        // DPOP-RS-16, RFC 8705 §3: beside DPoP where unbound tokens pass, and where certificate-bound ones do, which travel by this scheme.
        bool offerBearer = takesCertificates || (resource.Config.Mode == SenderConstraintMode.Observe && route.Mode != SenderConstraintMode.Require);
        ChallengeSchemes used = verdict.UsedDPoPScheme ? ChallengeSchemes.DPoP : Challenges.Used(context.Request);
        if (!verdict.IsAccepted)
        {
            FailureInfo answered = FailureCatalog.Get(verdict.Answered);
            return new Decision
            {
                Refusal = answered,
                // DPOP-RS-19, RFC 9449 §9: a challenge for a nonce brings the nonce.
                Nonce = verdict.OfferNonce,
                // DPOP-RS-09, RFC 9449 §7.1: a challenge on everything that the client can mend.
                Challenges = answered.ResourceStatus == StatusCodes.Status503ServiceUnavailable ? default : resource.Challenges.Of(answered, offerBearer, used),
            };
        }
        if (RefuseScope(route, verdict.Token!) is { } insufficient)
        {
            reporter.Report(context, VerifierRole.ResourceServer, resource.Config.Name, insufficient, insufficient.Failure, verdict.Token, verdict.Proof, certificate: verdict.Certificate);
            return new Decision
            {
                Refusal = FailureCatalog.Get(insufficient.Failure),
                Nonce = verdict.OfferNonce,
                Challenges = resource.Challenges.InsufficientScope(offerBearer, used),
            };
        }
        HttpTarget verified = verdict.Proof?.Htu ?? targets[0];
        return new Decision { Context = await contexts.WriteAsync(route, call, verified, verdict.Token!, context.RequestAborted), Nonce = verdict.OfferNonce };
    }

    // Answered before the proxy gives up: some ask again silently, and a second question about the same proof is a replay.
    private async ValueTask<Verdict> VerifyInTimeAsync(HttpContext context, PresentedRequest presented, GuardedResource resource)
    {
        using var limit = new CancellationTokenSource(config.DecisionTimeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        try
        {
            return await resource.Verifier.VerifyAsync(presented, resource.Config, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            // FWD-59: what is not decided in time is refused.
            if (_timeouts.TryTake())
                GuardLog.LogTimeout(logger, config.DecisionTimeout, resource.Config.Issuer);
            var late = new Refusal(VerificationFailure.IssuerUnavailable, $"a decision within {config.DecisionTimeout.TotalMilliseconds} ms", "none");
            return Verdict.Refuse(late, late.Failure, usedDPoPScheme: false);
        }
    }

    private GuardRoute? FindRoute(HttpTarget addressed, in OriginalCall call, out Refusal? refusal)
    {
        string canonical = addressed.Canonical;
        int path = canonical.IndexOf('/', canonical.IndexOf("://", StringComparison.Ordinal) + 3);
        int query = call.Uri.IndexOf('?', StringComparison.Ordinal);
        return routes.Find(canonical[..path], canonical[path..], query < 0 ? call.Uri : call.Uri.AsSpan(0, query), call.Method, out refusal);
    }

    // RFC 6750 §3.1: the token is good and does not permit this.
    private static Refusal? RefuseScope(GuardRoute route, AccessToken token)
    {
        foreach (string scope in route.Scopes)
        {
            if (!token.Claims.Any(claim => claim.Type == "scope" && claim.Value == scope))
                return new(VerificationFailure.ScopeInsufficient, scope, Printable.From(string.Join(' ', token.Claims.Where(claim => claim.Type == "scope").Select(claim => claim.Value))));
        }
        return null;
    }

    // Whatever looks at the request from now on, the report too, sees what the client sent and not how the proxy asked.
    private static void BecomeOriginal(HttpContext context, OriginalCall call)
    {
        IHttpRequestFeature request = context.Features.Get<IHttpRequestFeature>()!;
        int query = call.Uri.IndexOf('?', StringComparison.Ordinal);
        (request.Method, request.RawTarget, request.QueryString) = (call.Method, call.Uri, query < 0 ? "" : call.Uri[query..]);
    }

    private Decision Refuse(HttpContext context, Refusal refusal)
    {
        reporter.Report(context, VerifierRole.ResourceServer, Unnamed, refusal, refusal.Failure);
        VerifierMeter.Record(VerifierRole.ResourceServer, accepted: false, refusal.Failure, refusal.Failure, null, Unnamed, clock.Now, activity: null);
        return Decision.Refuse(refusal.Failure);
    }
}
