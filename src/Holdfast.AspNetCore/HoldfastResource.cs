namespace Holdfast.AspNetCore;

/// <summary>One protected resource, ready: made once from validated options and read by every request.</summary>
internal sealed class HoldfastResource
{
    public required ResourceConfig Config { get; init; }
    public required RequestVerifier Verifier { get; init; }
    public required DPoPProofVerifier Proofs { get; init; }
    public required ReplaySelfTest SelfTest { get; init; }
    public required PublicTargets Targets { get; init; }
    public required Challenges Challenges { get; init; }
    public required ResourceMetadata? Metadata { get; init; }
    public required bool UsesClientCertificates { get; init; }
    public required string NameClaimType { get; init; }
    public required string RoleClaimType { get; init; }

    /// <summary>The mode in force: the strictest of the resource's and the endpoint's.</summary>
    public SenderConstraintMode Strictest(SenderConstraintMode? routeMode) =>
        Config.Mode == SenderConstraintMode.Require || routeMode == SenderConstraintMode.Require ? SenderConstraintMode.Require : SenderConstraintMode.Observe;
}
