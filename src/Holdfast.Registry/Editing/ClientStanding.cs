namespace Holdfast.Registry;

/// <summary>A client and how it stands: when it was last used, and what it owes.</summary>
/// <param name="Registered">The client.</param>
/// <param name="LastUse">What it was last used for; null: never.</param>
public sealed record ClientStanding(RegisteredClient Registered, ClientUse? LastUse)
{
    /// <summary>True for a client that can be used and was not since then; one that never was counts from when it was registered.</summary>
    // LIFE-MAP-01: what nobody uses is what nobody misses when it is stolen.
    public bool IsDormantSince(DateTimeOffset time) => Registered.Client.State != ClientState.Offboarded && (LastUse?.At ?? Registered.Entry.CreatedAt) < time;

    /// <summary>What should be mended.</summary>
    public IReadOnlyList<ClientDebt> Debt => [.. DebtOf(Registered.Client)];

    private static IEnumerable<ClientDebt> DebtOf(Client client)
    {
        if (client.State == ClientState.Offboarded)
            yield break;
        bool isByCertificate = client.AuthenticationMethod is ClientMethods.TlsClientAuth or ClientMethods.SelfSignedTlsClientAuth;
        bool isCertificateBound = client.TlsClientCertificateBoundAccessTokens ?? isByCertificate;
        if (!isCertificateBound && client.DPoPBoundAccessTokens == false)
            yield return ClientDebt.UnboundTokens;
        if (ClientRules.UsesSecret(client))
            yield return ClientDebt.SharedSecret;
        if (client.Owners is { Identity: null, Platform: null, Application: null })
            yield return ClientDebt.NoOwner;
    }
}

/// <summary>What a client owes.</summary>
public enum ClientDebt
{
    /// <summary>It may have tokens that are bound to nothing: whoever has one can use it.</summary>
    UnboundTokens = 1,

    /// <summary>It authenticates by a secret that is sent each time.</summary>
    SharedSecret = 2,

    /// <summary>Nobody answers for it.</summary>
    NoOwner = 3,
}
