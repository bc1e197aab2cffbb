using Holdfast.AspNetCore;
using Holdfast.Registry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Holdfast.Issuer;

/// <summary>
/// Makes everything the token endpoint needs before the server listens, so that a bad key or directory stops the start and not the first
/// request, and says aloud which protections are switched off.
/// </summary>
internal sealed class IssuerStartup : IHostedService
{
    private readonly ReplaySelfTests _selfTests;

    public IssuerStartup(IssuerConfig config, IServiceProviderIsService registered, IServiceProvider services, IssuerProofs proofs, ReplaySelfTests selfTests, ILogger<IssuerStartup> logger)
    {
        if (!registered.IsService(typeof(IIssuerStore)) || !registered.IsService(typeof(IRegistryStore)))
            throw new IssuerStartupException("The issuer has nowhere to keep its state: add Holdfast.Storage and call AddHoldfastStorage.");
        services.GetRequiredService<TokenEndpoint>();
        services.GetRequiredService<IntrospectionEndpoint>();
        services.GetRequiredService<RevocationEndpoint>();
        _selfTests = selfTests;
        if (config.DangerouslyAllowHttp)
            IssuerLog.LogHttp(logger, config.Issuer);
        if (config.AllowClientSecrets)
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
        foreach (IssuerClient client in config.Clients.Values.Where(client => ClientAuthenticationMethods.IsBySecret(client.AuthenticationMethod)))
            IssuerLog.LogSecretClient(logger, client.ClientId);
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // DPOP-V-27: a store that accepts a replay accepts every one.
        if (await _selfTests.RunAtStartAsync(cancellationToken) is { } reason)
            throw new IssuerStartupException(reason);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
