using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Holdfast.Issuer;

/// <summary>
/// Makes everything the token endpoint needs before the server listens, so that a bad key or directory stops the start and not the first
/// request, and says aloud which protections are switched off.
/// </summary>
internal sealed partial class IssuerStartup : IHostedService
{
    public IssuerStartup(IssuerConfig config, TokenEndpoint endpoint, ILogger<IssuerStartup> logger)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (config.DangerouslyAllowHttp)
            LogHttp(logger, config.Issuer);
        if (config.AllowClientSecretBasic)
            LogSecrets(logger);
        foreach (IssuerClient client in config.Clients.Values.Where(client => !client.DPoPBoundAccessTokens))
            LogUnbound(logger, client.ClientId);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "DangerouslyAllowHttp is on: tokens of {Issuer} may travel in the clear.")]
    private static partial void LogHttp(ILogger logger, string issuer);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "AllowClientSecretBasic is on: clients that use it can be impersonated by whoever reads their secret.")]
    private static partial void LogSecrets(ILogger logger);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "Client {ClientId} may obtain unbound tokens: DPoPBoundAccessTokens is off for it.")]
    private static partial void LogUnbound(ILogger logger, string clientId);
}
