using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore;

/// <summary>Builds every resource before the first request and says what was loosened. Never waits for the issuer.</summary>
internal sealed class HoldfastStartup(
    HoldfastSchemes schemes, IOptionsMonitor<HoldfastOptions> options, HoldfastResources resources, IReplayStore replay, ResourceNonces nonces,
    ILogger<HoldfastStartup> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        RefuseMixedNonces();
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
        return Task.CompletedTask;
    }

    // One proof is filed under one anchor. Where one scheme reads its nonce and another does not, it would have two, and be fresh again by the
    // second once the record of the first is gone.
    private void RefuseMixedNonces()
    {
        if (schemes.Names.Select(scheme => HoldfastResources.NonceModeOf(options.Get(scheme)) == NonceMode.Off).Distinct().Count() > 1)
        {
            throw new OptionsValidationException(HoldfastDefaults.AuthenticationScheme, typeof(HoldfastOptions),
                ["NonceMode: schemes that share one replay store must all be Off, or none; declare the same for each."]);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
