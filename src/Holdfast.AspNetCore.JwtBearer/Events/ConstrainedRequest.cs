using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace Holdfast.AspNetCore.JwtBearer;

/// <summary>One request at one constrained scheme, from the first event to the challenge.</summary>
internal sealed class ConstrainedRequest : IDisposable
{
    private readonly HttpContext _context;
    private readonly string _scheme;
    private readonly VerifierClock _clock;
    private readonly VerifierGate _gate;
    // An instance of its own: identities that bear it, by reference, were made of this request's token.
    private readonly string _label = new("sender-constrained".AsSpan());
    private string? _applicationToken;
    private Exception? _failure;
    private bool _reported;
    private bool _isInside;

    private ConstrainedRequest(HttpContext context, string scheme)
    {
        (_context, _scheme) = (context, scheme);
        Resource = context.RequestServices.GetRequiredService<HoldfastResources>().Get(scheme);
        _clock = context.RequestServices.GetRequiredService<VerifierClock>();
        _gate = context.RequestServices.GetRequiredService<VerifierGate>();
    }

    public HoldfastResource Resource { get; }

    /// <summary>What was decided; null until a token was validated or a challenge was asked for.</summary>
    public Verdict? Verdict { get; private set; }

    /// <summary>The application's own events, where they are a service.</summary>
    public JwtBearerEvents? Events { get; set; }

    public static ConstrainedRequest Of(BaseContext<JwtBearerOptions> context) =>
        context.HttpContext.Items.TryGetValue(Key(context), out object? known) ? (ConstrainedRequest)known! : Begin(context);

    /// <summary>Forgets what an earlier run of the same request left, as an exception handler begins one.</summary>
    public static ConstrainedRequest Begin(BaseContext<JwtBearerOptions> context)
    {
        var request = new ConstrainedRequest(context.HttpContext, context.Scheme.Name);
        context.HttpContext.Items[Key(context)] = request;
        return request;
    }

    private static object Key(BaseContext<JwtBearerOptions> context) => (typeof(ConstrainedRequest), context.Scheme.Name);

    /// <summary>The application found the token itself: in a cookie, in the query of a WebSocket.</summary>
    public void TakeFromApplication(string token) => _applicationToken = token;

    /// <summary>The bearer handler, or an event of the application, refused or failed.</summary>
    public void Fail(Exception failure) => _failure ??= failure;

    /// <summary>True where the bearer handler knows better than this door what was wrong.</summary>
    public bool HasFailedBefore => _failure is not null;

    /// <summary>False where the node has too much to do for this request, whose verdict is then known: asked before the bearer handler validates a token.</summary>
    public async ValueTask<bool> EnterAsync()
    {
        if (await _gate.EnterAsync(VerifierRole.ResourceServer, Resource.Config.Name) is { } overloaded)
        {
            Verdict = Verdict.Refuse(overloaded, overloaded.Failure, usedDPoPScheme: false);
            Report(Verdict);
            return false;
        }
        _isInside = true;
        // The bearer handler calls back after whatever it does with a token; this is for what it may come to do.
        _context.Response.RegisterForDispose(this);
        return true;
    }

    /// <summary>The token has been judged, one way or the other.</summary>
    public void Exit()
    {
        if (!_isInside)
            return;
        _isInside = false;
        _gate.Exit();
    }

    /// <inheritdoc/>
    public void Dispose() => Exit();

    /// <summary>Presents a validated token.</summary>
    public async ValueTask<Verdict> VerifyAsync(SecurityToken validated)
    {
        Verdict verdict = await VerifyAsync(HandedOverToken.Of(validated));
        Report(verdict);
        return verdict;
    }

    /// <summary>
    /// What the challenge is about. Only now is a token presented that the bearer handler did not accept: where a policy names several schemes,
    /// each is asked about the others' tokens, and is not to report them.
    /// </summary>
    public async ValueTask<Verdict> VerdictOfChallengeAsync()
    {
        Verdict verdict = Verdict ?? await VerifyAsync(BearerFailure.Of(_failure));
        if (!verdict.IsAccepted)
            Report(verdict);
        return verdict;
    }

    /// <summary>Refuses a caller of whose token, if there is one, nothing can be read.</summary>
    public void Refuse(string seen)
    {
        // DPOP-RS-03: never assumed to be unbound.
        var refusal = new Refusal(VerificationFailure.ConfirmationUnreadable, "a token that the bearer handler validates", seen);
        Verdict verdict = Verdict = Verdict.Refuse(refusal, refusal.Failure, usedDPoPScheme: false);
        VerifierMeter.Record(VerifierRole.ResourceServer, verdict, Resource.Config.Name, _clock.Now, null);
        Report(verdict);
    }

    /// <summary>Marks the identities that the application sees, whoever made them of the token.</summary>
    public void Label(System.Security.Claims.ClaimsPrincipal? principal)
    {
        if (_context.Features.Get<IHoldfastFeature>() is not HoldfastFeature { Label: { } label })
            return;
        foreach (System.Security.Claims.ClaimsIdentity identity in principal?.Identities ?? [])
            identity.Label = label;
    }

    private async ValueTask<Verdict> VerifyAsync(HandedOverToken token)
    {
        FieldLines lines = DPoPFields.Read(_context.Request.Headers.Authorization);
        // DPOP-RS-03, RFC 9449 §7.2: a token from elsewhere is presented as what it is, a bearer token; with a key it will not pass. Only under the DPoP
        // scheme, where the application may have read it itself, it is the one that the caller presented.
        bool isFromElsewhere = _applicationToken is not null && lines.Count <= 1 && !IsUnderDPoP(lines.Single, _applicationToken);
        if (isFromElsewhere)
            lines = $"Bearer {_applicationToken}";
        (Verdict verdict, bool isKnown) = await new Presentation(_scheme, Resource, new RequestVerifier(token, Resource.Proofs, _clock))
        {
            Authorization = lines,
            TokenOutsideHeader = !isFromElsewhere && await HasStrayTokenAsync(token),
            Token = token.Hash,
            Label = _label,
        }.VerifyAsync(_context);
        _reported |= isKnown;
        return Verdict = verdict;
    }

    private static bool IsUnderDPoP(string? line, string token) =>
        line is not null && line.StartsWith("DPoP ", StringComparison.OrdinalIgnoreCase) && line.AsSpan("DPoP ".Length).Trim(' ').SequenceEqual(token);

    // DPOP-RS-08, RFC 9449 §7.1. Not asked of an unbound token under the Bearer scheme: it goes on as before where it may at all, and an API may have a
    // parameter of this name.
    private async ValueTask<bool> HasStrayTokenAsync(HandedOverToken token) =>
        !(token.IsUnbound && Challenges.Used(_context.Request) == ChallengeSchemes.Bearer)
        && (StrayToken.InQuery(_context.Request) || await StrayToken.InSmallFormAsync(_context.Request, _context.RequestAborted));

    private void Report(Verdict verdict)
    {
        if (_reported)
            return;
        _reported = true;
        _context.RequestServices.GetRequiredService<VerificationReporter>().Report(_context, Resource, verdict);
    }
}
