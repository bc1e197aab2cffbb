namespace Holdfast.Issuer;

/// <summary>A client that acts for itself (RFC 6749 §4.4). One small write: the assertion that is spent.</summary>
internal sealed class ClientCredentialsGrant(IIssuerStore store) : ITokenGrant
{
    public string GrantType => GrantTypes.ClientCredentials;

    public ValueTask<TokenPlan> PlanAsync(TokenAsking asking, CancellationToken cancellationToken)
    {
        (ClientRequest request, Confirmation confirmation) = asking;
        return new(GrantPolicy.TryGrant(request.Snapshot, request.Client, request.Form, out IssuerResource resource, out string scope, out Refusal? refusal)
            ? TokenPlan.Issue(Content(request.Client, resource, scope, confirmation), store.SpendAsync)
            : TokenPlan.Refuse(refusal ?? Refusal.Unspecified));
    }

    // RFC 9068 §2.2: without a resource owner the subject is the client. A grant of its own from the first day, so that it can be revoked.
    private static TokenContent Content(IssuerClient client, IssuerResource resource, string scope, Confirmation confirmation) =>
        new(client.ClientId, client.ClientId, RandomText.Identifier(), resource.Identifier, scope, confirmation);
}
