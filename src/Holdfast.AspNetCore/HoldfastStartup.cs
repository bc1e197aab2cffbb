using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore;

/// <summary>
/// Builds every resource before the first request, says what was loosened, and tries out that a proof is accepted once. Never waits for the issuer, and
/// for a shared replay store a few seconds.
/// </summary>
internal sealed class HoldfastStartup(
    HoldfastSchemes schemes, IOptionsMonitor<HoldfastOptions> options, HoldfastResources resources, IReplayStore replay, ResourceNonces nonces,
    ReplaySelfTests selfTests, ILogger<HoldfastStartup> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        RefuseWhatIsUnsafeTogether();
        foreach (string scheme in schemes.Names)
        {
            HoldfastOptions settings = options.Get(scheme);
            ResourceConfig config = resources.Get(scheme).Config;
            HoldfastLog.LogStarted(logger, config.Name, config.Issuer, config.Mode, HoldfastResources.NonceModeOf(settings));
            if (settings.DangerouslyAllowHttp)
                HoldfastLog.LogDangerousHttp(logger, config.Name);
            // A store in memory protects one process: without nonces bound to it, a second one would take the same proof again.
            if (replay is EmbeddedReplayStore && !settings.SingleInstance && HoldfastResources.NonceModeOf(settings) != NonceMode.Always)
                HoldfastLog.LogManyInstances(logger, config.Name, HoldfastResources.NonceModeOf(settings));
            // A nonce lifts the restart fence because nobody else can have given it out.
            if (replay is EmbeddedReplayStore && nonces.AreTheApplications && HoldfastResources.NonceModeOf(settings) != NonceMode.Off)
                HoldfastLog.LogNoncesOutliveProofs(logger, config.Name);
            foreach (SenderConstraintExemption exemption in config.Exemptions)
                HoldfastLog.LogExemption(logger, config.Name, exemption.ClientId, exemption.Until, exemption.Name);
        }
        // DPOP-V-27: a store that accepts a replay accepts every one.
        if (await selfTests.RunAtStartAsync(cancellationToken) is { } reason)
            throw new InvalidOperationException(reason);
    }

    // What no scheme's options show by themselves.
    private void RefuseWhatIsUnsafeTogether()
    {
        List<string> problems = [];
        List<HoldfastOptions> all = [.. schemes.Names.Select(options.Get)];
        // One proof is filed under one anchor. Where one scheme reads its nonce and another does not, it would have two, and be fresh again by the
        // second once the record of the first is gone.
        if (all.Select(settings => HoldfastResources.NonceModeOf(settings) == NonceMode.Off).Distinct().Count() > 1)
            problems.Add("NonceMode: schemes that share one replay store must all be Off, or none; declare the same for each.");
        // The same for nodes that share one store: each would file it by its own rule.
        if (replay is ISharedReplayStore && all.Exists(settings => HoldfastResources.NonceModeOf(settings) == NonceMode.Off))
            problems.Add("NonceMode: Off does not go with a shared replay store; set OnDemand, which asks for a nonce only where records were lost.");
        // DPOP-V-29, RFC 9449 §11.1: each of several processes that remember proofs for themselves would accept a proof once, unless it carries a nonce of theirs alone.
        int replicas = all.Max(settings => settings.Replicas);
        bool areBoundToNonces = !nonces.AreTheApplications && all.TrueForAll(settings => HoldfastResources.NonceModeOf(settings) == NonceMode.Always);
        if (replicas > 1 && replay is EmbeddedReplayStore && !areBoundToNonces)
        {
            problems.Add($"Replicas: {replicas} processes that keep proofs in memory would each accept the same proof. Share the records with UsePostgreSqlReplay, "
                + "or set NonceMode to Always, with nonces of each process's own.");
        }
        if (problems.Count > 0)
            throw new OptionsValidationException(HoldfastDefaults.AuthenticationScheme, typeof(HoldfastOptions), problems);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
