using System.Text.Json;
using Holdfast.Registry;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Issuer;

/// <summary>
/// The introspection endpoint (RFC 7662): tells a resource server about access tokens that are for it. Whatever else is asked about is not active, refresh tokens
/// among it. DPOP-AS-19, RFC 9449 §6.2: no proof is expected or looked at; whoever presented the token proves possession to the resource.
/// </summary>
internal sealed class IntrospectionEndpoint(ClientEndpointServices services, IssuedTokenReader tokens, IIssuerStore store) : ClientEndpoint(services)
{
    protected override async ValueTask<IssuerDecision> DecideAsync(ClientRequest request, IssuerDecision decision, CancellationToken cancellationToken)
    {
        IssuerClient client = request.Client;
        // AT-30, RFC 7662 §2.1, §4: whoever asks has authenticated, and is the resource server of something; anybody else could try out tokens.
        if (client.IsPublic || client.Registered.Introspects.Count == 0)
            return decision.Refused(new Refusal(VerificationFailure.IntrospectionNotAllowed, "an authenticated client that is registered to introspect", client.AuthenticationMethod));
        if (request.Form["token"] is not { } text)
            return decision.Refused(new Refusal(VerificationFailure.TokenRequestMalformed, "token", "none"));
        IntrospectionAnswer answer = await AnswerAsync(request, text, cancellationToken);
        return await store.SpendAsync(request.Spending, cancellationToken) switch
        {
            StoreAnswer.Done => decision with { Answer = new(StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(answer, IssuerJsonContext.Default.IntrospectionAnswer)) },
            StoreAnswer.Stale => decision with { IsStale = true },
            StoreAnswer.AssertionReplayed => decision.Refused(new Refusal(VerificationFailure.AssertionReplayed)),
            StoreAnswer.Gone or StoreAnswer.Unspecified => decision.Refused(Refusal.Unspecified),
        };
    }

    // AT-31, AT-32, RFC 7662 §2.2, §4: genuine, alive, for the asker, of a client in force, and not revoked; or not active, without a reason.
    private async ValueTask<IntrospectionAnswer> AnswerAsync(ClientRequest request, string text, CancellationToken cancellationToken)
    {
        (AccessToken? token, _) = await tokens.ReadAsync(text, cancellationToken);
        return token is not null
            && IsFor(request, token)
            && request.Snapshot.Clients.TryGetValue(token.ClientId, out IssuerClient? holder) && holder.Registered.State == ClientState.Active
            && !await store.IsRevokedAsync(new(token.Jti!, token.GrantId, token.ClientId, token.KeyId ?? ""), cancellationToken)
            ? IntrospectionAnswer.Of(token)
            : new IntrospectionAnswer();
    }

    private static bool IsFor(ClientRequest request, AccessToken token) =>
        request.Client.Registered.Introspects.Any(name => request.Snapshot.FindResource(name) is { } resource && string.Equals(resource.Identifier, token.Audience, StringComparison.Ordinal));
}
