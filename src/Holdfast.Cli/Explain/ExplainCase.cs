namespace Holdfast.Cli.Explain;

/// <summary>What was read from the input: a request, and what the input itself says about how to judge it.</summary>
internal sealed record ExplainCase
{
    public required CapturedRequest Request { get; init; }

    /// <summary>The time of judgement that the input names, and how it names it.</summary>
    public DateTimeOffset? Time { get; init; }
    public string? TimeSource { get; init; }

    /// <summary>The policy of the vectors' format; empty for a plain request.</summary>
    public ExplainPolicy Policy { get; init; } = new();

    /// <summary>Requests that the server judged before this one.</summary>
    public IReadOnlyList<(DateTimeOffset Time, CapturedRequest Request)> Previous { get; init; } = [];
}

/// <summary>The <c>policy</c> member of the vectors' format (<c>vectors/schema.json</c>). Null: not said.</summary>
internal sealed record ExplainPolicy
{
    public VerifierRole? Role { get; init; }
    public SenderConstraintMode? Mode { get; init; }
    public NonceMode? NonceMode { get; init; }
    public string? NonceKey { get; init; }
    public IReadOnlyList<string>? Algorithms { get; init; }
    public string? Issuer { get; init; }
    public string? Audience { get; init; }
    public IReadOnlyList<string>? Origins { get; init; }
    public string? ReplayStore { get; init; }

    /// <summary>The issuer's key set as JSON; <see cref="HasNoKeys"/> where the input says that there is none.</summary>
    public string? IssuerKeys { get; init; }
    public bool HasNoKeys { get; init; }

    /// <summary>How a proxy hands its client's certificate on, and whether the peer is no proxy.</summary>
    public ForwardedCertificateConfig? Forwarded { get; init; }
    public bool IsPeerUntrusted { get; init; }

    /// <summary>What an opaque token is bound to.</summary>
    public string? OpaqueJkt { get; init; }
}
