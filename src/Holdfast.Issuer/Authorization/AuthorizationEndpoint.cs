using System.Text;
using Holdfast.AspNetCore;
using Holdfast.Registry;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Issuer;

/// <summary>
/// The authorization endpoint (RFC 6749 §3.1), and the address that the consent page posts to. For browsers: FAPI-30, FAPI 2.0 §5.2: no script of another origin
/// reads an answer.
/// </summary>
internal sealed class AuthorizationEndpoint(IssuerConfig config, IssuerRegistry registry, VerifierGate gate, AuthorizationTickets tickets, AuthorizationDecider decider,
    AuthorizationAnswers answers, TimeProvider timeProvider)
{
    private const int MaxAttempts = 4;
    /// <summary>So that the address of the page that follows sign-in fits in a request line, wherever it is carried in between.</summary>
    private const int MaxRequest = 4096;

    private static readonly string[] Parameters =
    [
        "client_id", "request_uri", "request", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce", "code_challenge", "code_challenge_method", "dpop_jkt", "prompt", "max_age",
    ];

    /// <summary>An authorization request, by GET or POST, or one that goes on after sign-in.</summary>
    public Task HandleAsync(HttpContext context) => AnswerAsync(context, isConsent: false);

    /// <summary>What a person answered on the consent page.</summary>
    public Task HandleConsentAsync(HttpContext context) => AnswerAsync(context, isConsent: true);

    private async Task AnswerAsync(HttpContext context, bool isConsent)
    {
        try
        {
            await answers.WriteAsync(context, await DecideIfThereIsRoomAsync(context, isConsent));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The browser is gone; there is nobody to answer.
        }
    }

    private async ValueTask<AuthorizationOutcome> DecideIfThereIsRoomAsync(HttpContext context, bool isConsent)
    {
        if (await gate.EnterAsync(VerifierRole.AuthorizationServer, config.Issuer) is { } overloaded)
            return new AuthorizationOutcome.Page(overloaded);
        try
        {
            (IssuerForm? form, MalformedRequest problem) = HttpMethods.IsGet(context.Request.Method) && !isConsent
                ? FormReader.Read(context.Request.QueryString.Value is { Length: > 1 } query ? query[1..] : "")
                : await FormReader.ReadAsync(context, context.RequestAborted);
            return form is null
                ? Malformed(problem.Expected, problem.Seen, problem.Status)
                : await DecideAsync(context, form, isConsent, context.RequestAborted);
        }
        catch (StateUnavailableException e)
        {
            return new AuthorizationOutcome.Page(new(VerificationFailure.IssuerStateUnavailable, "a database that answers", Printable.From(e.Message)));
        }
        finally
        {
            gate.Exit();
        }
    }

    private async ValueTask<AuthorizationOutcome> DecideAsync(HttpContext context, IssuerForm form, bool isConsent, CancellationToken cancellationToken)
    {
        bool? agreed = null;
        AuthorizationTicket? ticket;
        if (form[AuthorizationTicket.Parameter] is { } text)
        {
            if ((ticket = tickets.Open(text)) is null || FormReader.Read(ticket.Request).Form is not { } original)
                return Malformed("a page that this server showed in the last half hour", "another, or an older one");
            // Everything that is not allow declines.
            agreed = isConsent ? form["decision"] == "allow" : null;
            form = original;
        }
        else if (isConsent)
        {
            return Malformed("what the consent page sends", "nothing of it");
        }
        else
        {
            ticket = new() { Request = Encode(form), ArrivedAt = timeProvider.GetUtcNow() };
            if (ticket.Request.Length > MaxRequest)
                return Malformed($"at most {MaxRequest} characters; push longer requests", $"{ticket.Request.Length}");
        }
        return await DecideAsync(context, ticket, form, agreed, cancellationToken) with { ClientId = Printable.From(form.ClientId) };
    }

    private async ValueTask<AuthorizationOutcome> DecideAsync(HttpContext context, AuthorizationTicket ticket, IssuerForm form, bool? agreed, CancellationToken cancellationToken)
    {
        IssuerSnapshot snapshot = await registry.GetAsync(cancellationToken);
        for (int attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            AuthorizationOutcome outcome = await decider.DecideAsync(context, ticket, form, agreed, snapshot, cancellationToken);
            if (outcome is not AuthorizationOutcome.Stale)
                return outcome;
            snapshot = await registry.GetNewerAsync(snapshot, cancellationToken);
        }
        return new AuthorizationOutcome.Page(new(VerificationFailure.IssuerStateUnavailable, "a registry at rest", "changes without end"));
    }

    // What this issuer does not know is left behind.
    private static string Encode(IssuerForm form)
    {
        var encoded = new StringBuilder(512);
        foreach (string name in Parameters)
            Append(encoded, name, form[name]);
        foreach (string resource in form.Resources)
            Append(encoded, "resource", resource);
        return encoded.ToString();
    }

    private static void Append(StringBuilder encoded, string name, string? value)
    {
        if (value is not null)
            encoded.Append(encoded.Length == 0 ? "" : "&").Append(name).Append('=').Append(Uri.EscapeDataString(value));
    }

    private static AuthorizationOutcome.Page Malformed(string expected, string seen, int? status = null) =>
        new(new(VerificationFailure.AuthorizationRequestMalformed, expected, seen), status);
}
