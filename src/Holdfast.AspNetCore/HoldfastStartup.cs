using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore;

/// <summary>Builds every resource before the first request and says what was loosened. Never waits for the issuer.</summary>
internal sealed partial class HoldfastStartup(
    HoldfastSchemes schemes, IOptionsMonitor<HoldfastOptions> options, HoldfastResources resources, IReplayStore replay, ILogger<HoldfastStartup> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (string scheme in schemes.Names)
        {
            HoldfastOptions settings = options.Get(scheme);
            ResourceConfig config = resources.Get(scheme).Config;
            LogStarted(logger, config.Name, config.Issuer, config.Mode, HoldfastResources.NonceModeOf(settings));
            if (settings.DangerouslyAllowHttp)
                LogDangerousHttp(logger, config.Name);
            // A store in memory protects one process: without nonces bound to it, a second one would take the same proof again.
            if (replay is EmbeddedReplayStore && !settings.SingleInstance && HoldfastResources.NonceModeOf(settings) != NonceMode.Always)
                LogManyInstances(logger, config.Name, HoldfastResources.NonceModeOf(settings));
            foreach (SenderConstraintExemption exemption in config.Exemptions)
                LogExemption(logger, config.Name, exemption.ClientId, exemption.Until, exemption.Name);
        }
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(20, LogLevel.Information, "{Resource} takes tokens of {Issuer}; sender constraint: {Mode}, nonces: {Nonces}")]
    private static partial void LogStarted(ILogger logger, string resource, string issuer, SenderConstraintMode mode, NonceMode nonces);

    [LoggerMessage(21, LogLevel.Warning, "DangerouslyAllowHttp is set for {Resource}: tokens and proofs may travel in the clear")]
    private static partial void LogDangerousHttp(ILogger logger, string resource);

    [LoggerMessage(23, LogLevel.Warning, "{Resource} keeps proofs in memory with nonces {Nonces}: a second instance would accept the same proof again. "
        + "Set SingleInstance where there is only ever one, or NonceMode to Always")]
    private static partial void LogManyInstances(ILogger logger, string resource, NonceMode nonces);

    [LoggerMessage(22, LogLevel.Warning, "{Resource} takes unbound tokens of client {Client} until {Until}: {Exemption}")]
    private static partial void LogExemption(ILogger logger, string resource, string client, DateTimeOffset until, string exemption);
}
