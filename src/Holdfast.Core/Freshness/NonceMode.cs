namespace Holdfast;

/// <summary>When a server asks for nonces (RFC 9449 §8, §9).</summary>
public enum NonceMode
{
    /// <summary>Every proof carries a nonce of this server (RFC 9449 §11.3 in full).</summary>
    Always = 0,

    /// <summary>Only where it helps: after a restart, under store pressure, and for a proof whose only fault is the client's clock.</summary>
    OnDemand = 1,

    /// <summary>Never. Nonces in proofs are ignored, and what only a nonce could mend is refused.</summary>
    Off = 2,
}

/// <summary>In which role a server verifies a proof. Nonces and replay records of one role mean nothing to the other.</summary>
public enum VerifierRole
{
    /// <summary>A protected resource.</summary>
    ResourceServer = 0,

    /// <summary>The authorization server's own endpoints.</summary>
    AuthorizationServer = 1,
}
