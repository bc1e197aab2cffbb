using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Holdfast.Issuer;

/// <summary>
/// Makes everything the token endpoint needs before the server listens, so that a bad key or directory stops the start and not the first
/// request, and says aloud which protections are switched off.
/// </summary>
internal sealed class IssuerStartup : IHostedService
{
    public IssuerStartup(IssuerConfig config, TokenEndpoint endpoint, IssuerProofs proofs, ILogger<IssuerStartup> logger)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (config.DangerouslyAllowHttp)
            IssuerLog.LogHttp(logger, config.Issuer);
        if (config.AllowClientSecretBasic)
            IssuerLog.LogSecrets(logger);
        // A store in memory protects one process: without nonces bound to it, a second one would take the same proof again.
        if (proofs.RemembersForItself && !config.SingleInstance && config.ProofPolicy.NonceMode != NonceMode.Always)
            IssuerLog.LogManyInstances(logger, config.Issuer, config.ProofPolicy.NonceMode);
        // A nonce lifts the restart fence because nobody else can have given it out.
        if (proofs.RemembersForItself && proofs.NoncesAreTheHosts)
            IssuerLog.LogNoncesOutliveProofs(logger, config.Issuer);
        if (config.DangerouslyAllowInternalJwksUris)
            IssuerLog.LogInternalJwksUris(logger);
        foreach (IssuerClient client in config.Clients.Values.Where(client => !client.DPoPBoundAccessTokens && !client.CertificateBoundAccessTokens))
            IssuerLog.LogUnbound(logger, client.ClientId);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
