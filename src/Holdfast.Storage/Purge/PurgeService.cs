using System.Security.Cryptography;
using Holdfast.Registry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Holdfast.Storage;

/// <summary>Purges regularly, not at the same moment as other nodes.</summary>
internal sealed class PurgeService(IStateDatabase database, IOptions<HoldfastStorageOptions> options, TimeProvider timeProvider) : BackgroundService
{
    private readonly Purge _purge = new(database, timeProvider);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // From two to four thirds of the interval.
            await Task.Delay(options.Value.PurgeInterval * (2 + (2 * RandomNumberGenerator.GetInt32(1000) / 1000.0)) / 3, stoppingToken);
            try
            {
                // A backlog goes sooner, but never at once.
                while (await _purge.RunAsync(stoppingToken))
                    await Task.Delay(TimeSpan.FromMilliseconds(100), stoppingToken);
            }
            catch (StateUnavailableException)
            {
                // Told by the database's health; it is tried again.
            }
        }
    }
}
