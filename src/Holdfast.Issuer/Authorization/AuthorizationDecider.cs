using System.Text.Json;
using Holdfast.Registry;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Issuer;

/// <summary>
/// Decides an authorization request, told in order: whose it is, what it asks for, where the answer goes; then whether it may be; then who is signed in, and
/// whether that person agrees. Until the redirect URI is known to be the client's, nothing is sent anywhere.
/// </summary>
internal sealed class AuthorizationDecider(IssuerConfig config, IIssuerStore store, IssuerSignIn signIn, TimeProvider timeProvider)
{
    // FAPI-06, RFC 6749 §4.1.2: 60 s, under every profile.
    private static readonly TimeSpan CodeLifetime = TimeSpan.FromSeconds(60);
    private const int MaxSubject = 255;

    /// <summary>Decides. Writes the code as the last step.</summary>
    /// <param name="http">The request of the browser.</param>
    /// <param name="ticket">How far it has come.</param>
    /// <param name="form">Its parameters.</param>
    /// <param name="agreed">What the person answered on the consent page; null where it was not shown.</param>
    /// <param name="snapshot">What it is decided by.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask<AuthorizationOutcome> DecideAsync(HttpContext http, AuthorizationTicket ticket, IssuerForm form, bool? agreed, IssuerSnapshot snapshot,
        CancellationToken cancellationToken)
    {
        if (form.ClientId is not { } clientId)
            return Page(VerificationFailure.AuthorizationRequestMalformed, "client_id", "none");
        if (!snapshot.Clients.TryGetValue(clientId, out IssuerClient? client))
            return Page(VerificationFailure.ClientUnknown, seen: Printable.From(clientId));
        // LIFE-MAP-01: a client that is switched off begins nothing new.
        if (client.Registered.State != ClientState.Active)
            return Page(VerificationFailure.ClientDisabled, "active", client.Registered.State.ToString());
        if (!client.MayUse(GrantTypes.AuthorizationCode))
            return Page(VerificationFailure.GrantTypeNotAllowed, string.Join(", ", client.Registered.GrantTypes), GrantTypes.AuthorizationCode);

        (AuthorizationRequest? request, SecretHash? pushed, Refusal? unknown) = await ReadAsync(client, ticket, form, cancellationToken);
        if (request is null)
            return new AuthorizationOutcome.Page(unknown ?? Refusal.Unspecified);
        // FAPI-12, RFC 6749 §3.1.2.4: to a URI that is not the client's nobody is sent, whatever is wrong.
        if (RegisteredRedirect.Find(client, request.RedirectUri) is not { } uri)
            return Page(VerificationFailure.RedirectUriNotRegistered, string.Join(' ', client.Registered.RedirectUris), Printable.From(request.RedirectUri ?? "none"));
        var to = new ClientRedirect(uri, request.State);

        // AT-85, FAPI-13, RFC 9126 §5, §6: what has to be pushed is refused where it comes through the browser.
        if (pushed is null && (config.RequirePushedAuthorizationRequests || client.Registered.RequirePushedAuthorizationRequests || ProfileRules.RequiresPushing(client.Profile)))
            return Refused(to, VerificationFailure.PushedRequestRequired, "a request_uri", "parameters");
        // AT-81, RFC 9126 §2.1, §7.4: of a pushed request again, because the client may have changed since.
        if (AuthorizationRequestRules.Accept(snapshot, client, request, out AuthorizationRefusal? refusal) is not { } accepted)
            return new AuthorizationOutcome.Refused(to, refusal!);

        SignedInPerson? person = await signIn.FindAsync(http);
        if (person is null || MustSignInAgain(person, accepted, ticket))
            return SignIn(to, person, accepted, ticket);
        // AT-13, RFC 9068 §5: a token whose sub is a client's identifier would be taken for that client's own.
        if (person.Subject.Length is 0 or > MaxSubject || person.Subject.Any(char.IsControl) || snapshot.Clients.ContainsKey(person.Subject))
            return Refused(to, VerificationFailure.AuthorizationDenied, $"a subject of 1 to {MaxSubject} characters that is no client's identifier", Printable.From(person.Subject));

        return await AskAsync(to, client, person, accepted, ticket, agreed, cancellationToken)
            ?? await IssueAsync(to, client, person, request, accepted, pushed, snapshot, cancellationToken);
    }

    private async ValueTask<(AuthorizationRequest?, SecretHash?, Refusal?)> ReadAsync(IssuerClient client, AuthorizationTicket ticket, IssuerForm form, CancellationToken cancellationToken)
    {
        if (form["request_uri"] is not { } reference)
            return (AuthorizationRequest.From(client.ClientId, form), null, null);
        // DPOP-AS-36, RFC 9126 §4: of a pushed request only the reference and the client count here; nothing beside them changes what was pushed.
        var hash = SecretHash.Of(reference);
        PushedRequest? found = reference.StartsWith(PushedAuthorizationEndpoint.Prefix, StringComparison.Ordinal) ? await store.FindPushedRequestAsync(hash, cancellationToken) : null;
        // AT-82, AT-83, RFC 9126 §2.2, §4, §7.3: of this client, in time, and not used; a reload until then is not a use (FAPI-19).
        string? problem = found is null ? "an unknown one"
            : !string.Equals(found.ClientId, client.ClientId, StringComparison.Ordinal) ? "one of another client"
            : found.IsUsed ? "one that was used"
            : found.ExpiresAt <= ticket.ArrivedAt ? "one that has expired" : null;
        return problem is null
            ? (JsonSerializer.Deserialize(found!.Parameters, IssuerJsonContext.Default.AuthorizationRequest), hash, null)
            : (null, null, new(VerificationFailure.RequestUriInvalid, "a request_uri that this client pushed a moment ago", problem));
    }

    // OpenID Connect Core §3.1.2.1, §3.1.2.3: asked for, or too long ago. Having signed in after it was asked is the answer to both.
    private bool MustSignInAgain(SignedInPerson person, AcceptedRequest request, AuthorizationTicket ticket)
    {
        if (request.Prompt.HasFlag(AuthorizationPrompt.SelectAccount) && ticket.PromptedAt is null)
            return true;
        bool isAsked = request.Prompt.HasFlag(AuthorizationPrompt.Login) || timeProvider.GetUtcNow() - person.AuthenticatedAt > request.MaxAge;
        return isAsked && !HasSignedInSince(person, ticket.PromptedAt);
    }

    // In whole seconds, as tickets keep time; and later, so that a ticket which was renewed when the person was asked is not taken for an answer.
    private static bool HasSignedInSince(SignedInPerson person, DateTimeOffset? promptedAt) =>
        promptedAt is { } asked && person.AuthenticatedAt.ToUnixTimeSeconds() > asked.ToUnixTimeSeconds();

    private AuthorizationOutcome SignIn(ClientRedirect to, SignedInPerson? person, AcceptedRequest request, AuthorizationTicket ticket)
    {
        if (request.Prompt.HasFlag(AuthorizationPrompt.None))
            return Refused(to, VerificationFailure.SignInRequired, "somebody who is signed in", person is null ? "nobody" : "a sign-in that is too old");
        // Whoever comes back as before would be sent round for ever.
        if (person is not null && ticket.PromptedAt is not null)
            return Refused(to, VerificationFailure.SignInRequired, "a new sign-in", "the old one");
        return new AuthorizationOutcome.SignIn(ticket with { PromptedAt = ticket.PromptedAt ?? timeProvider.GetUtcNow() }, request.Prompt);
    }

    private async ValueTask<AuthorizationOutcome?> AskAsync(ClientRedirect to, IssuerClient client, SignedInPerson person, AcceptedRequest request, AuthorizationTicket ticket, bool? agreed,
        CancellationToken cancellationToken)
    {
        string asked = ConsentScope.Of(request);
        // What was shown, to this person: an answer to another question is none.
        bool isAnswer = agreed is not null && string.Equals(ticket.Subject, person.Subject, StringComparison.Ordinal) && string.Equals(ticket.Shown, asked, StringComparison.Ordinal);
        if (isAnswer && agreed == false)
            return Refused(to, VerificationFailure.AuthorizationDenied, "consent", "the person declined");
        if (!client.Registered.RequiresConsent && !request.Prompt.HasFlag(AuthorizationPrompt.Consent))
            return null;
        string? remembered = await store.FindConsentAsync(person.Subject, client.ClientId, cancellationToken);
        if (isAnswer)
        {
            await store.SaveConsentAsync(person.Subject, client.ClientId, ConsentScope.Union(remembered, asked), timeProvider.GetUtcNow(), cancellationToken);
            return null;
        }
        if (!request.Prompt.HasFlag(AuthorizationPrompt.Consent) && IsKnownByItsUri(client, to) && ConsentScope.Covers(remembered, asked))
            return null;
        return request.Prompt.HasFlag(AuthorizationPrompt.None)
            ? Refused(to, VerificationFailure.ConsentRequired, "consent to all of it", remembered is null ? "none" : "to less")
            : new AuthorizationOutcome.Ask(ticket with { Subject = person.Subject, Shown = asked }, to, client.Registered, person, request);
    }

    // RFC 8252 §8.6, RFC 6749 §10.2: any program on the machine can have the answer of a public client whose URI is not on a host of its own; so a person looks each time.
    private static bool IsKnownByItsUri(IssuerClient client, ClientRedirect to) => !client.IsPublic || to.Uri.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    private async ValueTask<AuthorizationOutcome> IssueAsync(ClientRedirect to, IssuerClient client, SignedInPerson person, AuthorizationRequest request, AcceptedRequest accepted,
        SecretHash? pushed, IssuerSnapshot snapshot, CancellationToken cancellationToken)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        string code = RandomText.Secret();
        var grant = new Grant
        {
            GrantId = RandomText.Identifier(),
            ClientId = client.ClientId,
            Subject = person.Subject,
            Scope = string.Join(' ', accepted.Scopes),
            Resources = [.. accepted.Resources.Select(resource => resource.Identifier)],
            AuthenticatedAt = person.AuthenticatedAt,
            CreatedAt = now,
            ExpiresAt = now + config.GrantLifetime,
        };
        var kept = new AuthorizationCode
        {
            Hash = SecretHash.Of(code),
            GrantId = grant.GrantId,
            ClientId = client.ClientId,
            RedirectUri = to.Uri,
            IsRedirectUriStated = request.RedirectUri is not null,
            CodeChallenge = accepted.CodeChallenge,
            DPoPJkt = accepted.DPoPJkt,
            Nonce = accepted.Nonce,
            ExpiresAt = now + CodeLifetime,
        };
        return await store.AddCodeAsync(kept, grant, pushed, new Spending(null, snapshot.Position), cancellationToken) switch
        {
            StoreAnswer.Done => new AuthorizationOutcome.Issued(to, code),
            StoreAnswer.Stale => new AuthorizationOutcome.Stale(),
            // AT-83, FAPI-19: another tab was faster with the same reference.
            StoreAnswer.Gone => Page(VerificationFailure.RequestUriInvalid, "a request_uri that was not used", "one that was used"),
            StoreAnswer.AssertionReplayed or StoreAnswer.Unspecified => new AuthorizationOutcome.Page(Refusal.Unspecified),
        };
    }

    private static AuthorizationOutcome.Page Page(VerificationFailure failure, string? expected = null, string? seen = null) => new(new Refusal(failure, expected, seen));

    private static AuthorizationOutcome.Refused Refused(ClientRedirect to, VerificationFailure failure, string expected, string? seen) =>
        new(to, AuthorizationRefusal.Of(failure, expected, seen));
}
