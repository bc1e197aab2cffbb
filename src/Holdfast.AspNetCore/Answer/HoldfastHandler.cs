using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore;

/// <summary>
/// The authentication handler: presents the request to the verifier, turns an accepted verdict into a principal and a refused one
/// into its challenge (RFC 9449 §7), and answers requests for the resource's metadata.
/// </summary>
/// <remarks>The base class is given no logger: it would write each refusal and each nonce challenge a second and a third time.</remarks>
internal sealed class HoldfastHandler(
    IOptionsMonitor<HoldfastOptions> options, UrlEncoder encoder, HoldfastResources resources, VerificationReporter reporter)
    : AuthenticationHandler<HoldfastOptions>(options, NullLoggerFactory.Instance, encoder), IAuthenticationRequestHandler
{
    private const string RetryAfterSeconds = "5";

    private HoldfastResource _resource = null!;
    private Verdict? _verdict;
    private bool _reported;

    protected override Task InitializeHandlerAsync()
    {
        _resource = resources.Get(Scheme.Name);
        return Task.CompletedTask;
    }

    public async Task<bool> HandleRequestAsync() => _resource.Metadata is { } metadata && await metadata.TryAnswerAsync(Context);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // DPOP-RS-27, RFC 9449 §4: one proof a request; a stream is checked when it opens, and ends when the application ends it.
        // DPOP-RS-14: without credentials there is nothing to verify; most requests to open endpoints end here.
        bool inQuery = StrayToken.InQuery(Request);
        if (Request.Headers.Authorization.Count == 0 && !inQuery)
            return AuthenticateResult.NoResult();

        Verdict verdict = _verdict = await VerifyAsync(inQuery);
        if (!verdict.IsAccepted)
        {
            // Another scheme's credentials are that scheme's to judge; they are reported when this one is asked to challenge.
            if (verdict.Recorded?.Failure is VerificationFailure.SchemeUnsupported)
                return AuthenticateResult.NoResult();
            Report(verdict);
            return AuthenticateResult.Fail(FailureCatalog.Get(verdict.Answered).Name);
        }
        Report(verdict);
        if (verdict.OfferNonce is { } nonce)
            DPoPFields.OfferNonce(Response, nonce);
        return AuthenticateResult.Success(new AuthenticationTicket(Principal(verdict.Token!), Scheme.Name));
    }

    private async ValueTask<Verdict> VerifyAsync(bool inQuery)
    {
        bool stray = inQuery || (StrayToken.MayHaveForm(Request) && await StrayToken.InFormAsync(Request, Context.RequestAborted));
        SenderConstraintMode? routeMode = RouteMode.Of(Context);
        // An exception handler may run the request again in a scope of its own, with a handler that knows nothing: the proof is its own, not a replay.
        if (Context.Features.Get<IHoldfastFeature>() is HoldfastFeature earlier && earlier.Settles(Scheme.Name, Strictest(routeMode)))
        {
            _reported = true;
            Context.Features.Set<IHoldfastFeature>(earlier with { Mode = Strictest(routeMode) });
            return earlier.Verdict;
        }
        PresentedRequest presented = ResourceRequest.Read(Context, _resource.Targets.Resolve(Context), stray, routeMode);
        Verdict verdict = await _resource.Verifier.VerifyAsync(presented, _resource.Config, Context.RequestAborted);
        // Where a policy names several schemes, the one that accepted speaks for the request.
        if (verdict.IsAccepted || Context.Features.Get<IHoldfastFeature>() is not { Verdict.IsAccepted: true })
            Context.Features.Set<IHoldfastFeature>(new HoldfastFeature(Scheme.Name, verdict, Strictest(routeMode)));
        return verdict;
    }

    // Of the claims only the list is shared: the identity copies each, so that a claims transformation changes this request's alone.
    private ClaimsPrincipal Principal(AccessToken token) =>
        new(new ClaimsIdentity(token.Claims, Scheme.Name, _resource.NameClaimType, _resource.RoleClaimType));

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // Asked now and not before: a request without credentials may still carry a token in a form.
        _ = await HandleAuthenticateOnceAsync();
        Verdict verdict = _verdict ??= await VerifyAsync(inQuery: false);
        bool offerBearer = OffersBearer();
        if (verdict.IsAccepted)
        {
            // Authenticated, and challenged all the same by the application: nothing is wrong with the credentials.
            Answer(FailureCatalog.Get(VerificationFailure.CredentialsMissing), offerBearer, verdict);
            return;
        }
        Report(verdict);
        // DPOP-RS-19, RFC 9449 §9: a challenge for a nonce brings the nonce.
        if (verdict.OfferNonce is { } nonce)
            DPoPFields.OfferNonce(Response, nonce);
        Answer(FailureCatalog.Get(verdict.Answered), offerBearer, verdict);
    }

    // Status and fields only, as every authentication scheme: a body would start the response, and another scheme of the same policy
    // could no longer add its challenge, nor the application its own error page.
    private void Answer(FailureInfo failure, bool offerBearer, Verdict verdict)
    {
        // DPOP-RS-09, RFC 9449 §7.1, §9: 401 and a DPoP challenge; 400 for a request that is malformed, 503 where the fault is ours.
        Response.StatusCode = failure.ResourceStatus;
        if (failure.ResourceStatus == StatusCodes.Status503ServiceUnavailable)
            Response.Headers.RetryAfter = RetryAfterSeconds;
        else
            Append(_resource.Challenges.Of(failure, offerBearer, Used(verdict)));
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status403Forbidden;
        Append(_resource.Challenges.InsufficientScope(OffersBearer(), Challenges.Used(Request)));
        return Task.CompletedTask;
    }

    // Other schemes may have challenged before.
    private void Append(Microsoft.Extensions.Primitives.StringValues challenges) =>
        Response.Headers.WWWAuthenticate = Microsoft.Extensions.Primitives.StringValues.Concat(Response.Headers.WWWAuthenticate, challenges);

    private ChallengeSchemes Used(Verdict verdict) => verdict.UsedDPoPScheme ? ChallengeSchemes.DPoP : Challenges.Used(Request);

    // DPOP-RS-16: beside DPoP where unbound tokens pass, and where certificate-bound ones do, which travel by this scheme (RFC 8705 §3).
    private bool OffersBearer() => _resource.UsesClientCertificates || Strictest(RouteMode.Of(Context)) == SenderConstraintMode.Observe;

    private SenderConstraintMode Strictest(SenderConstraintMode? routeMode) =>
        _resource.Config.Mode == SenderConstraintMode.Require || routeMode == SenderConstraintMode.Require
            ? SenderConstraintMode.Require
            : SenderConstraintMode.Observe;

    private void Report(Verdict verdict)
    {
        if (_reported)
            return;
        _reported = true;
        reporter.Report(Context, VerifierRole.ResourceServer, _resource.Config.Name, verdict);
    }
}
