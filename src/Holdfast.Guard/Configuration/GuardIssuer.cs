namespace Holdfast.Guard;

/// <summary>An authorization server.</summary>
public sealed record GuardIssuer
{
    internal GuardIssuer() { }

    /// <summary>The issuer, exactly as in its tokens.</summary>
    public required string Issuer { get; init; }

    /// <summary>The algorithms accepted in its access tokens.</summary>
    public required IReadOnlyList<string> TokenAlgorithms { get; init; }

    /// <summary>The leeway for times in its tokens. Default 10 s.</summary>
    public required TimeSpan ClockSkew { get; init; }

    /// <summary>How often its keys are read again. Default one hour.</summary>
    public required TimeSpan KeyRefresh { get; init; }

    /// <summary>How often, at most, an unknown key makes them be read again. Default 30 s.</summary>
    public required TimeSpan UnknownKeyRefresh { get; init; }

    /// <summary>True where plain http is accepted for it, beyond loopback.</summary>
    public bool DangerouslyAllowHttp { get; init; }
}
