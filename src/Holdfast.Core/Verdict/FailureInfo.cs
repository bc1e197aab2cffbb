namespace Holdfast;

/// <summary>How a failure sorts among signals.</summary>
public enum FailureSeverity
{
    /// <summary>Part of the protocol: a nonce challenge, a request without credentials.</summary>
    Expected = 0,
    /// <summary>A clock is off.</summary>
    Clock = 1,
    /// <summary>Something is set up wrongly: a client, a proxy, a server.</summary>
    Misconfiguration = 2,
    /// <summary>Replay, downgrade, forgery.</summary>
    Suspicious = 3,
    /// <summary>A valid token in foreign hands.</summary>
    Theft = 4,
}

/// <summary>Who is asked to mend it.</summary>
public enum OwningLayer
{
    /// <summary>The identity team: issuer, clients, keys.</summary>
    Identity = 0,
    /// <summary>The platform team: proxies, clocks, stores.</summary>
    Platform = 1,
    /// <summary>The application team: the calling code.</summary>
    Application = 2,
}

/// <summary>One row of the mapping table.</summary>
public sealed record FailureInfo
{
    /// <summary>The failure.</summary>
    public required VerificationFailure Failure { get; init; }
    /// <summary>The stable name, the same in logs, meters, signals, vectors and documentation: <c>target_mismatch</c>.</summary>
    public required string Name { get; init; }
    /// <summary>The wire code (RFC 6749 §5.2, RFC 6750 §3.1, RFC 9449 §7.1), or null where none may be sent.</summary>
    public required string? WireError { get; init; }
    /// <summary>The status at a resource.</summary>
    public required int ResourceStatus { get; init; }
    /// <summary>The status at the authorization server.</summary>
    public required int IssuerStatus { get; init; }
    /// <summary>How it sorts among signals.</summary>
    public required FailureSeverity Severity { get; init; }
    /// <summary>Who mends it.</summary>
    public required OwningLayer Layer { get; init; }
    /// <summary>The section that demands the check.</summary>
    public required string Section { get; init; }
    /// <summary>What the caller is told: safe, and printable in a quoted string.</summary>
    public required string Description { get; init; }
    /// <summary>The likely cause, for the operator.</summary>
    public required string Cause { get; init; }
    /// <summary>What mends it, for the operator.</summary>
    public required string Fix { get; init; }
    /// <summary>The page that explains it.</summary>
    public string Documentation => $"docs/failures.md#{Name}";
}
