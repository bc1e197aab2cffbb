using System.Diagnostics;
using Holdfast.AspNetCore;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Issuer;

/// <summary>Answers a browser, and records refusals once.</summary>
internal sealed class AuthorizationAnswers(IssuerConfig config, AuthorizationTickets tickets, IssuerSignIn signIn, VerificationReporter reporter, VerifierClock clock)
{
    public Task WriteAsync(HttpContext context, AuthorizationOutcome outcome)
    {
        Record(context, outcome);
        switch (outcome)
        {
            case AuthorizationOutcome.SignIn { Ticket: { } ticket, Prompt: var prompt }:
                HtmlPage.Protect(context.Response.Headers);
                return signIn.ChallengeAsync(context, $"{config.Path}{IssuerPaths.Authorization}?{AuthorizationTicket.Parameter}={tickets.Seal(ticket)}", prompt);
            case AuthorizationOutcome.Ask { Ticket: { } asked } ask:
                return ConsentPage.WriteAsync(context, config.Path + IssuerPaths.Consent, tickets.Seal(asked), ask);
            case AuthorizationOutcome.Issued { To: { } to, Code: { } code }:
                return RedirectAsync(context, to, ("code", code));
            case AuthorizationOutcome.Refused { To: { } to, Refusal: { } refusal }:
                return RedirectAsync(context, to, ("error", refusal.WireError), ("error_description", FailureCatalog.Get(refusal.Refusal.Failure).Description));
            case AuthorizationOutcome.Page { Refusal: { } refusal } page:
                return WritePageAsync(context, refusal, page.Status);
            default:
                return WritePageAsync(context, Refusal.Unspecified, null);
        }
    }

    private static Task WritePageAsync(HttpContext context, Refusal refusal, int? status)
    {
        FailureInfo failure = FailureCatalog.Get(refusal.Failure);
        bool isBusy = failure.IssuerStatus >= StatusCodes.Status500InternalServerError;
        if (isBusy)
            context.Response.Headers.RetryAfter = "1";
        if (status == StatusCodes.Status405MethodNotAllowed)
            context.Response.Headers.Allow = "GET, POST";
        return ErrorPage.WriteAsync(context, status ?? (isBusy ? failure.IssuerStatus : StatusCodes.Status400BadRequest), failure);
    }

    // FAPI-20, FAPI 2.0 §5.3.2.2, RFC 9700 §4.12: 303, so that no browser repeats a form, with whatever was in it, at the client.
    private Task RedirectAsync(HttpContext context, ClientRedirect to, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        var location = new System.Text.StringBuilder(to.Uri, 512).Append(to.Uri.Contains('?', StringComparison.Ordinal) ? '&' : '?');
        foreach ((string name, string value) in parameters)
            location.Append(name).Append('=').Append(Uri.EscapeDataString(value)).Append('&');
        if (to.State is { } state)
            location.Append("state=").Append(Uri.EscapeDataString(state)).Append('&');
        // AT-93, FAPI-16, RFC 9207 §2: who answers, in good answers and in errors.
        location.Append("iss=").Append(Uri.EscapeDataString(config.Issuer));
        HtmlPage.Protect(context.Response.Headers);
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = location.ToString();
        return Task.CompletedTask;
    }

    private void Record(HttpContext context, AuthorizationOutcome outcome)
    {
        Refusal? refusal = outcome switch
        {
            AuthorizationOutcome.Page page => page.Refusal,
            AuthorizationOutcome.Refused refused => refused.Refusal.Refusal,
            _ => null,
        };
        // A page on the way is neither a success nor a failure yet.
        if (refusal is null && outcome is not AuthorizationOutcome.Issued)
            return;
        using Activity? activity = VerifierMeter.Start();
        VerificationFailure answered = refusal?.Failure ?? VerificationFailure.Unspecified;
        VerifierMeter.Record(VerifierRole.AuthorizationServer, refusal is null, refusal?.Failure, answered, null, config.Issuer, clock.Now, activity);
        if (refusal is not null)
            reporter.Report(context, VerifierRole.AuthorizationServer, config.Issuer, refusal, answered, clientId: outcome.ClientId);
    }
}
