namespace Holdfast.Issuer;

/// <summary>Makes refresh tokens: what they are bound to, and how long they live.</summary>
internal sealed class RefreshTokenFactory(IssuerConfig config, TimeProvider timeProvider)
{
    /// <summary>A new one, as its holder sees it and as it is kept. For a client that may use <c>refresh_token</c>.</summary>
    /// <param name="client">Whose it is.</param>
    /// <param name="grant">What it is of.</param>
    /// <param name="confirmation">What this request proved: the key of its proof, and the certificate that its access token is bound to.</param>
    public (string Secret, RefreshToken Token) Create(IssuerClient client, Grant grant, Confirmation confirmation)
    {
        string secret = RandomText.Secret();
        return (secret, new()
        {
            Hash = SecretHash.Of(secret),
            GrantId = grant.GrantId,
            ClientId = client.ClientId,
            // DPOP-AS-07, RFC 9449 §5: of a public client, to the key of its proof, whatever the client is registered for.
            // DPOP-AS-09: of a confidential one to none: its authentication constrains it already, and its keys may change.
            DPoPJkt = client.IsPublic ? confirmation.Jkt : null,
            // MTLS-32, RFC 8705 §4, §7.1: of a public client, to the certificate. MTLS-45: of a confidential one to none, so that certificates can be renewed.
            X5tS256 = client.IsPublic ? confirmation.X5tS256 : null,
            IssuedAt = timeProvider.GetUtcNow(),
            ExpiresAt = ExpiresAt(grant),
        });
    }

    /// <summary>When one expires that is issued or used now: idle for too long, or with its grant.</summary>
    public DateTimeOffset ExpiresAt(Grant grant)
    {
        DateTimeOffset idle = timeProvider.GetUtcNow() + config.RefreshTokenIdleLifetime;
        return idle < grant.ExpiresAt ? idle : grant.ExpiresAt;
    }
}
