using Holdfast.AspNetCore;

namespace Holdfast.Guard.Internal;

/// <summary>Whether requests could be let through now. Whoever may connect may ask, so the answers name no database: logs do.</summary>
internal sealed class Readiness(GuardConfig config, GuardIssuers issuers, IReplayStore replay, ReplaySelfTests selfTests)
{
    /// <summary>Why not; null where they could.</summary>
    public async Task<string?> WhyNotAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> missing = issuers.Missing();
        if (missing.Count > 0)
            return $"the keys of {string.Join(", ", missing)} were never obtained";
        // Without nonces nothing mends a proof that may have been accepted before the restart.
        if (config.NonceMode == NonceMode.Off && replay is EmbeddedReplayStore { FencedUntil: { } until })
            return $"proofs may have been accepted before the restart, until {until:O}";
        ReplaySelfTestResult result = await selfTests.RunAsync().WaitAsync(cancellationToken);
        return result.Outcome switch
        {
            ReplaySelfTestOutcome.Passed => null,
            ReplaySelfTestOutcome.Fenced => "proofs may have been accepted before the replay records were lost",
            ReplaySelfTestOutcome.ReplayAccepted => "the replay store accepts a proof twice",
            ReplaySelfTestOutcome.Unavailable => "the replay store does not take a proof",
        };
    }
}
