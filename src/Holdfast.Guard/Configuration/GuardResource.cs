namespace Holdfast.Guard;

/// <summary>A protected resource.</summary>
public sealed record GuardResource
{
    internal GuardResource() { }

    /// <summary>Issuer, audience, mode and exemptions.</summary>
    public required ResourceConfig Config { get; init; }

    /// <summary>The algorithms accepted in proofs.</summary>
    public required IReadOnlyList<string> ProofAlgorithms { get; init; }

    /// <summary>The name that routes use.</summary>
    public string Name => Config.Name;
}
