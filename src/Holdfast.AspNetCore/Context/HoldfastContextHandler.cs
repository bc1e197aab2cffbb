using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore;

/// <summary>The authentication handler of an upstream behind a guard.</summary>
/// <remarks>The base class is given no logger: it would write each refusal a second time.</remarks>
internal sealed class HoldfastContextHandler(
    IOptionsMonitor<HoldfastContextOptions> options, UrlEncoder encoder, ContextVerifiers verifiers, VerificationReporter reporter, VerifierGate gate)
    : AuthenticationHandler<HoldfastContextOptions>(options, NullLoggerFactory.Instance, encoder)
{
    private const string RetryAfterSeconds = "5";

    private Refusal? _refusal;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // An exception handler may run the request again in a scope of its own, with a handler that knows nothing: the context is its own, not a replay.
        if (Context.Features.Get<UsedContext>() is { } earlier && string.Equals(earlier.Scheme, Scheme.Name, StringComparison.Ordinal))
            return Succeed(earlier.Claims);
        FieldLines field = DPoPFields.Read(Request.Headers[ContextClaims.Field]);
        if (field.Count == 0)
            return AuthenticateResult.NoResult();
        ContextResult result = await VerifyAsync(field);
        if (result.Claims is { } claims)
        {
            Context.Features.Set(new UsedContext(Scheme.Name, claims));
            return Succeed(claims);
        }
        _refusal = result.Refusal ?? Refusal.Unspecified;
        reporter.Report(Context, VerifierRole.ResourceServer, Options.Audience, _refusal, _refusal.Failure);
        return AuthenticateResult.Fail(FailureCatalog.Get(_refusal.Failure).Name);
    }

    private async ValueTask<ContextResult> VerifyAsync(FieldLines field)
    {
        if (await gate.EnterAsync(VerifierRole.ResourceServer, Options.Audience) is { } overloaded)
            return new(null, overloaded);
        try
        {
            return await verifiers.Get(Scheme.Name).VerifyAsync(Context, field, Context.RequestAborted);
        }
        finally
        {
            gate.Exit();
        }
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        AuthenticateResult result = await HandleAuthenticateOnceSafeAsync();
        if (result.None)
        {
            // FWD-62: a request that came past the guard.
            _refusal = new(VerificationFailure.ContextMissing, "one Holdfast-Context field", "0");
            reporter.Report(Context, VerifierRole.ResourceServer, Options.Audience, _refusal, _refusal.Failure);
        }
        FailureInfo failure = FailureCatalog.Get(_refusal?.Failure ?? VerificationFailure.ContextMissing);
        Response.StatusCode = failure.ResourceStatus;
        if (failure.ResourceStatus == StatusCodes.Status503ServiceUnavailable)
            Response.Headers.RetryAfter = RetryAfterSeconds;
        // RFC 9110 §15.5.2: a 401 has a challenge. The client cannot mend this one, so it is told nothing more.
        else if (failure.ResourceStatus == StatusCodes.Status401Unauthorized)
            Response.Headers.Append("WWW-Authenticate", ContextClaims.Field);
    }

    private AuthenticateResult Succeed(IReadOnlyList<Claim> claims) =>
        AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(claims, Scheme.Name, Options.NameClaimType, Options.RoleClaimType)), Scheme.Name));

    private sealed record UsedContext(string Scheme, IReadOnlyList<Claim> Claims);
}
