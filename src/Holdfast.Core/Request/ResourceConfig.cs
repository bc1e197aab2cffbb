namespace Holdfast;

/// <summary>What a resource demands: immutable, made once from validated options and read by the hot path.</summary>
public sealed record ResourceConfig
{
    /// <summary>A short name for logs, meters and cache keys, such as <c>orders</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The issuer whose tokens are accepted, exactly (AT-07).</summary>
    public required string Issuer { get; init; }

    /// <summary>The audience that tokens must name (AT-08).</summary>
    public required string Audience { get; init; }

    /// <summary>What happens to unbound tokens; the default refuses them.</summary>
    public SenderConstraintMode Mode { get; init; } = SenderConstraintMode.Require;

    /// <summary>Named exemptions with an end date: the only way to a looser mode.</summary>
    public IReadOnlyList<SenderConstraintExemption> Exemptions { get; init; } = [];
}

/// <summary>Lets one client, on one resource, keep using unbound tokens until a date. Never loosens the enforcement of bound tokens.</summary>
/// <param name="Name">Why it exists; shown in logs.</param>
/// <param name="ClientId">The client it is for.</param>
/// <param name="Until">The instant from which it no longer applies.</param>
public sealed record SenderConstraintExemption(string Name, string ClientId, DateTimeOffset Until);
