namespace Holdfast.Guard.Internal;

/// <summary>Whether requests could be let through now.</summary>
internal sealed class Readiness(GuardConfig config, GuardIssuers issuers, IReplayStore replay)
{
    /// <summary>Why not; null where they could.</summary>
    public string? WhyNot()
    {
        IReadOnlyList<string> missing = issuers.Missing();
        if (missing.Count > 0)
            return $"the keys of {string.Join(", ", missing)} were never obtained";
        // Without nonces nothing mends a proof that may have been accepted before the restart.
        return config.NonceMode == NonceMode.Off && replay is EmbeddedReplayStore { FencedUntil: { } until } ? $"proofs may have been accepted before the restart, until {until:O}" : null;
    }
}
