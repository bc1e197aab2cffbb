using Holdfast.Registry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Holdfast.Issuer;

/// <summary>Writes what clients were used for every half minute, and once more when the process stops. A database that does not answer is asked again the next time.</summary>
internal sealed class ClientUseWriter(IServiceProvider services, TimeProvider timeProvider, ILogger<ClientUseWriter> logger) : BackgroundService
{
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await WriteAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The last writing is for StopAsync, when no request adds to it any more.
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(cancellationToken);
    }

    // Not in the constructor: whatever is missing is told by the start, all of it in one place.
    private ClientUses Uses => services.GetRequiredService<ClientUses>();

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Uses.WriteAsync(cancellationToken);
        }
        catch (StateUnavailableException e)
        {
            IssuerLog.LogUsesNotWritten(logger, Printable.From(e.Message));
        }
    }
}
