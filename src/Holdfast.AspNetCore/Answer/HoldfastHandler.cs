using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore;

/// <summary>
/// The authentication handler: presents the request to the verifier, turns an accepted verdict into a principal and a refused one
/// into its challenge (RFC 9449 §7), and answers requests for the resource's metadata.
/// </summary>
/// <remarks>The base class is given no logger: it would write each refusal and each nonce challenge a second and a third time.</remarks>
internal sealed class HoldfastHandler(
    IOptionsMonitor<HoldfastOptions> options, UrlEncoder encoder, HoldfastResources resources, VerificationReporter reporter, VerifierGate gate)
    : AuthenticationHandler<HoldfastOptions>(options, NullLoggerFactory.Instance, encoder), IAuthenticationRequestHandler
{
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
        ResourceAnswer.OfferNonce(Context, verdict);
        return AuthenticateResult.Success(new AuthenticationTicket(Principal(verdict.Token!), Scheme.Name));
    }

    private async ValueTask<Verdict> VerifyAsync(bool inQuery)
    {
        // Before anything of the request costs more than a look.
        if (await gate.EnterAsync(VerifierRole.ResourceServer, _resource.Config.Name) is { } overloaded)
            return Verdict.Refuse(overloaded, overloaded.Failure, usedDPoPScheme: false);
        try
        {
            (Verdict verdict, bool isKnown) = await new Presentation(Scheme.Name, _resource, _resource.Verifier)
            {
                Authorization = DPoPFields.Read(Request.Headers.Authorization),
                TokenOutsideHeader = inQuery || await StrayToken.InSmallFormAsync(Request, Context.RequestAborted),
            }.VerifyAsync(Context);
            _reported |= isKnown;
            return verdict;
        }
        finally
        {
            gate.Exit();
        }
    }

    // Of the claims only the list is shared: the identity copies each, so that a claims transformation changes this request's alone.
    private ClaimsPrincipal Principal(AccessToken token) =>
        new(new ClaimsIdentity(token.Claims, Scheme.Name, _resource.NameClaimType, _resource.RoleClaimType));

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // Asked now and not before: a request without credentials may still carry a token in a form.
        _ = await HandleAuthenticateOnceAsync();
        Verdict verdict = _verdict ??= await VerifyAsync(inQuery: false);
        if (verdict.IsAccepted)
        {
            // Authenticated, and challenged all the same by the application: nothing is wrong with the credentials.
            ResourceAnswer.Challenge(Context, _resource, FailureCatalog.Get(VerificationFailure.CredentialsMissing), verdict);
            return;
        }
        Report(verdict);
        ResourceAnswer.OfferNonce(Context, verdict);
        ResourceAnswer.Challenge(Context, _resource, FailureCatalog.Get(verdict.Answered), verdict);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        ResourceAnswer.Forbid(Context, _resource);
        return Task.CompletedTask;
    }

    private void Report(Verdict verdict)
    {
        if (_reported)
            return;
        _reported = true;
        reporter.Report(Context, _resource, verdict);
    }
}
