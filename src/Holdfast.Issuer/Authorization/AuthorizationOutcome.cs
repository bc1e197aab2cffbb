using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>What becomes of an authorization request.</summary>
internal abstract record AuthorizationOutcome
{
    private AuthorizationOutcome() { }

    /// <summary>Who asked, by its own word.</summary>
    public string? ClientId { get; init; }

    /// <summary>A page that says why not: there is nowhere it would be safe to send the browser (RFC 6749 §4.1.2.1).</summary>
    /// <param name="Refusal">Why.</param>
    /// <param name="Status">A status that HTTP demands in place of the failure's own, or null.</param>
    internal sealed record Page(Refusal Refusal, int? Status = null) : AuthorizationOutcome;

    /// <summary>The client is told why not.</summary>
    internal sealed record Refused(ClientRedirect To, AuthorizationRefusal Refusal) : AuthorizationOutcome;

    /// <summary>The person is asked to sign in, and comes back.</summary>
    internal sealed record SignIn(AuthorizationTicket Ticket, AuthorizationPrompt Prompt) : AuthorizationOutcome;

    /// <summary>The person is asked to agree.</summary>
    internal sealed record Ask(AuthorizationTicket Ticket, ClientRedirect To, Client Client, SignedInPerson Person, AcceptedRequest Request) : AuthorizationOutcome;

    /// <summary>The client gets a code.</summary>
    internal sealed record Issued(ClientRedirect To, string Code) : AuthorizationOutcome;

    /// <summary>Decided by a registry that has changed meanwhile; nothing was written.</summary>
    internal sealed record Stale : AuthorizationOutcome;
}

/// <summary>Where a client wants its answer, and what it wants to have back.</summary>
internal sealed record ClientRedirect(string Uri, string? State);
