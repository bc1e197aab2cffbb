using Holdfast.Registry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Holdfast.Storage;

/// <summary>Looks regularly whether the database was set back, and at once where somebody met one that was.</summary>
internal sealed class WatchService(Watch watch, Pulse pulse, IOptions<HoldfastStorageOptions> options) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await watch.EndAsync(cancellationToken);
        }
        catch (StateUnavailableException)
        {
            // Then it is taken for a running one for a few seconds.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await pulse.WaitAsync(options.Value.PulseInterval, stoppingToken);
            try
            {
                await watch.BeatAsync(stoppingToken);
            }
            catch (StateUnavailableException)
            {
                // Told by the database's health; the next look finds it back, or not.
            }
        }
    }
}
