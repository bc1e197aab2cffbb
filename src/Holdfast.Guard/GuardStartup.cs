using Holdfast.AspNetCore;
using Microsoft.Extensions.Logging;

namespace Holdfast.Guard.Internal;

/// <summary>Says what was loosened, before the first request.</summary>
internal sealed class GuardStartup(GuardConfig config, IReplayStore replay, ILogger<GuardStartup> logger)
{
    public void Announce()
    {
        foreach (GuardListener listener in config.Listeners)
            GuardLog.LogListening(logger, listener.Adapters.Count == 0 ? "keys and health" : string.Join(", ", listener.Adapters.Select(AdapterNames.Of)), listener.Address);
        foreach (GuardIssuer issuer in config.Issuers.Where(issuer => issuer.DangerouslyAllowHttp))
            GuardLog.LogDangerous(logger, "dangerously_allow_http", issuer.Issuer);
        foreach (GuardRoute route in config.Routes.Where(route => route.DangerouslyAllowHttp))
            GuardLog.LogDangerous(logger, "dangerously_allow_http", route.Origin + route.Path);
        foreach (GuardListener listener in config.Listeners.Where(listener => listener.DangerouslyAllowPlaintext))
            GuardLog.LogDangerous(logger, "dangerously_allow_plaintext", listener.Address);
        // A store in memory protects one process: without nonces bound to it, a second one would take the same proof again.
        if (replay is EmbeddedReplayStore && !config.SingleInstance && config.NonceMode != NonceMode.Always)
            GuardLog.LogManyInstances(logger, config.NonceMode);
        foreach (ResourceConfig resource in config.Resources.Select(resource => resource.Config))
        {
            foreach (SenderConstraintExemption exemption in resource.Exemptions)
                GuardLog.LogExemption(logger, resource.Name, exemption.ClientId, exemption.Until, exemption.Name);
        }
    }
}
