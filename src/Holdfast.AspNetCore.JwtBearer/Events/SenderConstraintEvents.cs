using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.AspNetCore.JwtBearer;

/// <summary>
/// The events of a constrained scheme: those of the application, in their order, and around them the verifier. What the application adds to
/// these events later is called as well.
/// </summary>
internal sealed class SenderConstraintEvents : JwtBearerEvents
{
    public SenderConstraintEvents(JwtBearerEvents? application, Type? service)
    {
        JwtBearerEvents events = application ?? new();
        OnMessageReceived = context => Of(context).MessageReceived(context);
        OnTokenValidated = context => Of(context).TokenValidated(context);
        OnAuthenticationFailed = context => Of(context).AuthenticationFailed(context);
        OnChallenge = context => Of(context).Challenge(context);
        OnForbidden = context => Of(context).Forbidden(context);

        // A service is asked for once a request, as the handler itself does.
        JwtBearerEvents Of(Microsoft.AspNetCore.Authentication.BaseContext<JwtBearerOptions> context) => service is null
            ? events
            : ConstrainedRequest.Of(context).Events ??= (JwtBearerEvents)context.HttpContext.RequestServices.GetRequiredService(service);
    }

    public override async Task MessageReceived(MessageReceivedContext context)
    {
        ConstrainedRequest request = ConstrainedRequest.Begin(context);
        await base.MessageReceived(context);
        if (context.Result is { } result)
        {
            if (result.Succeeded)
            {
                request.Refuse("a caller let in by OnMessageReceived");
                context.Fail(Name(request.Verdict!));
            }
            return;
        }
        if (!string.IsNullOrEmpty(context.Token))
            request.TakeFromApplication(context.Token);
        // DPOP-RS-05, RFC 9110 §11.1: the scheme in any case. Whether this is the only way the token was sent, the verifier says.
        else if (Challenges.Used(context.Request) == ChallengeSchemes.DPoP)
            context.Token = context.Request.Headers.Authorization.ToString()["DPoP ".Length..].Trim(' ');
        if (HasToken(context) && !await request.EnterAsync())
            context.Fail(Name(request.Verdict!));
    }

    public override async Task TokenValidated(TokenValidatedContext context)
    {
        ConstrainedRequest request = ConstrainedRequest.Of(context);
        // DPOP-RS-02, MTLS-24: before the application's event, which may act on whom it sees.
        Verdict verdict = await request.VerifyAsync(context.SecurityToken);
        request.Exit();
        if (!verdict.IsAccepted)
        {
            context.Fail(Name(verdict));
            return;
        }
        ResourceAnswer.OfferNonce(context.HttpContext, verdict);
        await base.TokenValidated(context);
        request.Label(context.Result is { } result ? result.Principal : context.Principal);
    }

    public override async Task AuthenticationFailed(AuthenticationFailedContext context)
    {
        ConstrainedRequest request = ConstrainedRequest.Of(context);
        request.Exit();
        request.Fail(context.Exception);
        await base.AuthenticationFailed(context);
        if (context.Result is not { Succeeded: true })
            return;
        if (request.Verdict is { IsAccepted: true })
        {
            request.Label(context.Principal);
            return;
        }
        request.Refuse("a caller let in by OnAuthenticationFailed");
        context.Fail(Name(request.Verdict!));
    }

    public override async Task Challenge(JwtBearerChallengeContext context)
    {
        ConstrainedRequest request = ConstrainedRequest.Of(context);
        Verdict verdict = await request.VerdictOfChallengeAsync();
        ResourceAnswer.OfferNonce(context.HttpContext, verdict);
        var challenge = new BearerChallenge(context, request, verdict);
        challenge.Prepare();
        await base.Challenge(context);
        challenge.Complete();
    }

    public override Task Forbidden(ForbiddenContext context)
    {
        if (!context.Response.HasStarted)
            ResourceAnswer.Forbid(context.HttpContext, ConstrainedRequest.Of(context).Resource);
        return base.Forbidden(context);
    }

    // Where the bearer handler will find one to validate.
    private static bool HasToken(MessageReceivedContext context) =>
        !string.IsNullOrEmpty(context.Token) || context.Request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase);

    private static string Name(Verdict verdict) => FailureCatalog.Get(verdict.Answered).Name;
}
