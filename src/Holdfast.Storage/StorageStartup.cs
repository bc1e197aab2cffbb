using Holdfast.Registry;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Holdfast.Storage;

/// <summary>
/// Makes the database ready before the server listens: <see cref="IHostedLifecycleService.StartingAsync"/> comes before every hosted service starts, and so before whatever reads the registry at its start.
/// </summary>
internal sealed class StorageStartup(IStateDatabase database, Watch watch, IOptions<HoldfastStorageOptions> options, TimeProvider timeProvider, ILogger<StorageStartup> logger) : IHostedLifecycleService
{
    private const string EarlierFile = "issuer.db";
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        SchemaStatus status = await OpenPatientlyAsync(cancellationToken);
        try
        {
            await watch.BeginAsync(EarlierVersion(), cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or StateUnavailableException)
        {
            throw new StorageStartupException($"{Capitalized(database.Name)} cannot be used: {fault.Message}", fault);
        }
        StorageLog.LogOpened(logger, database.Name, status.Applied);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    internal static string Capitalized(string name) => $"{char.ToUpperInvariant(name[0])}{name[1..]}";

    // Before this database the issuer kept spent assertions in a file of their own.
    private string? EarlierVersion() =>
        options.Value.DataDirectory is { } directory && Path.Combine(directory, EarlierFile) is var file && File.Exists(file) ? file : null;

    // A database that is started at the same time as the issuer needs a moment.
    private async Task<SchemaStatus> OpenPatientlyAsync(CancellationToken cancellationToken)
    {
        long start = TimeProvider.System.GetTimestamp();
        bool isTold = false;
        while (true)
        {
            try
            {
                return await OpenAsync(cancellationToken);
            }
            catch (Exception fault) when (fault is NpgsqlException { IsTransient: true } or TimeoutException && TimeProvider.System.GetElapsedTime(start) < options.Value.StartPatience)
            {
                if (!isTold)
                    StorageLog.LogWaiting(logger, database.Name, fault.Message);
                isTold = true;
                await Task.Delay(Retry, cancellationToken);
            }
            catch (Exception fault) when (fault is NpgsqlException or SqliteException or IOException or UnauthorizedAccessException or TimeoutException)
            {
                throw new StorageStartupException($"{Capitalized(database.Name)} cannot be opened: {fault.Message}", fault);
            }
        }
    }

    private async Task<SchemaStatus> OpenAsync(CancellationToken cancellationToken)
    {
        var migrator = new Migrator(database, timeProvider, logger);
        if (options.Value.MigrateAtStart)
            return await migrator.MigrateAsync(cancellationToken);
        SchemaStatus status = migrator.Require(await migrator.ReadAsync(cancellationToken));
        return status.Pending.Count == 0 ? status : throw new StorageStartupException(
            $"{Capitalized(database.Name)} is of schema {status.Applied}, this program needs {status.Known}, and MigrateAtStart is off; run: holdfast db migrate.");
    }
}
