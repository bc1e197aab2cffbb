using Holdfast.Registry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Holdfast.Issuer;

/// <summary>Has a key ready before the server listens, and does what is due in the life of the keys from then on.</summary>
/// <remarks>Asks for what it needs when it starts: without a store <see cref="IssuerStartup"/> has said so by then.</remarks>
internal sealed class IssuerKeyService(IServiceProvider services, TimeProvider timeProvider, ILogger<IssuerKeyService> logger) : BackgroundService
{
    // As often as this a key that another process made is opened here too, long before it signs.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        IssuerKeyLife life = services.GetRequiredService<IssuerKeyLife>();
        try
        {
            if (await services.GetRequiredService<EarlierKeyFile>().ImportAsync(cancellationToken) is { } imported)
                IssuerLog.LogKeyImported(logger, imported);
            await RequireKeyAsync(life, await life.RunDueAsync(cancellationToken), cancellationToken);
        }
        catch (StateUnavailableException e)
        {
            throw new IssuerStartupException($"The signing keys cannot be read: {e.Message}", e);
        }
        await base.StartAsync(cancellationToken);
    }

    private async ValueTask RequireKeyAsync(IssuerKeyLife life, IssuerKeyRing ring, CancellationToken cancellationToken)
    {
        if (ring.Active is not { } active)
            throw new IssuerStartupException($"There is no key to sign with. {life.Problem}");
        if (services.GetRequiredService<SigningKeys>().Open(active).Problem is not { } problem)
            return;
        if (!services.GetRequiredService<IssuerConfig>().Keys.DangerouslyReplaceLostKeys)
            throw new IssuerStartupException(problem);
        IssuerLog.LogKeyReplaced(logger, active.Kid, problem);
        IssuerKeyResult result = await services.GetRequiredService<IssuerKeyAdmin>().RetireAsync(active.Kid, immediately: true, RegistryActor.Issuer, cancellationToken);
        if (result is not { Answer: IssuerKeyAnswer.Done, Problem: null })
            throw new IssuerStartupException($"The signing key '{active.Kid}' cannot be replaced: {result.Problem}");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        IssuerKeyLife life = services.GetRequiredService<IssuerKeyLife>();
        while (true)
        {
            await Task.Delay(Interval, timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
                return;
            try
            {
                await life.RunDueAsync(stoppingToken);
            }
#pragma warning disable CA1031 // A fault here would end all rotation: it is told, and tried again.
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                IssuerLog.LogKeyProblem(logger, e.Message);
            }
        }
    }
}
