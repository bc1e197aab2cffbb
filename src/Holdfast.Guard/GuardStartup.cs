using Holdfast.AspNetCore;
using Microsoft.Extensions.Logging;

namespace Holdfast.Guard.Internal;

/// <summary>Refuses what cannot be kept, says what was loosened, and tries out that a proof is accepted once: before the first request.</summary>
internal sealed class GuardStartup(GuardConfig config, IReplayStore replay, ResourceNonces nonces, ReplaySelfTests selfTests, ILogger<GuardStartup> logger)
{
    public void Refuse()
    {
        // Fail closed: what was meant to be shared must not be kept by each for itself because nobody wired it.
        if (config.Replay is not null && replay is not ISharedReplayStore)
            throw new GuardStartupException("replay.postgresql is configured, and this host brings no store for it: call AddPostgreSqlReplay of Holdfast.Replay.PostgreSql in GuardServerOptions.ConfigureServices.");
        if (replay is not EmbeddedReplayStore)
            return;
        if (config.UnsharedProblem is { } problem)
            throw new GuardStartupException(problem.ToString());
        if (config.Replicas > 1 && nonces.AreTheApplications)
            throw new GuardStartupException("replicas: guards that keep proofs in memory and share the key of their nonces would each accept the same proof; share the records as well.");
    }

    public async Task TryOutAsync(CancellationToken cancellationToken)
    {
        // DPOP-V-27: a store that accepts a replay accepts every one.
        if (await selfTests.RunAtStartAsync(cancellationToken) is { } reason)
            throw new GuardStartupException(reason);
    }

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
