using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Holdfast.Storage;

/// <summary>Brings a database to the schema of this program, forward only. Of several programs that start at once one does, and the others find it done.</summary>
internal sealed class Migrator(IStateDatabase database, TimeProvider timeProvider, ILogger logger, IReadOnlyList<Migration>? known = null)
{
    private const string Table = """
        CREATE TABLE IF NOT EXISTS migration (number bigint PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, compatible_from bigint NOT NULL, applied_at bigint NOT NULL)
        """;

    private readonly IReadOnlyList<Migration> _known = known ?? Migration.All;

    /// <summary>The schema of the database beside this program's.</summary>
    public async Task<SchemaStatus> ReadAsync(CancellationToken cancellationToken)
    {
        await using DbConnection connection = await database.OpenAsync(cancellationToken);
        return await ReadAsync(new StateSession(connection, null, null, cancellationToken));
    }

    /// <summary>
    /// Runs what is pending, all or nothing; nothing where nothing is. A database that this program must not use is a <see cref="StorageStartupException"/>.
    /// </summary>
    public async Task<SchemaStatus> MigrateAsync(CancellationToken cancellationToken)
    {
        await using DbConnection connection = await database.OpenAsync(cancellationToken);
        // Without a lock first: a user who may not change the schema starts where there is nothing to change.
        SchemaStatus status = Require(await ReadAsync(new StateSession(connection, null, null, cancellationToken)));
        if (status.Pending.Count == 0)
            return status;
        await using DbTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        var session = new StateSession(connection, transaction, null, cancellationToken);
        await database.LockSchemaAsync(session);
        // Another program may have been faster.
        status = Require(await ReadAsync(session));
        await session.ExecuteAsync(Table);
        foreach (Migration migration in status.Pending)
        {
            await session.ExecuteAsync(migration.Sql);
            await session.ExecuteAsync("INSERT INTO migration (number, name, checksum, compatible_from, applied_at) VALUES (@number, @name, @checksum, @compatibleFrom, @at)",
                new { number = migration.Number, name = migration.Name, checksum = migration.Checksum, compatibleFrom = migration.CompatibleFrom, at = StoredTime.Of(timeProvider.GetUtcNow()) });
        }
        await BeginHistoryAsync(session);
        await transaction.CommitAsync(cancellationToken);
        foreach (Migration migration in status.Pending)
            StorageLog.LogMigrated(logger, database.Name, migration.Number, migration.Name);
        return await ReadAsync(new StateSession(connection, null, null, cancellationToken));
    }

    /// <summary>Refuses what this program must not use.</summary>
    public SchemaStatus Require(SchemaStatus status) =>
        status.Refusal is { } refusal ? throw new StorageStartupException($"{StorageStartup.Capitalized(database.Name)} cannot be used: {refusal}.") : status;

    /// <summary>A name for a line of history that no other has.</summary>
    public static string NewLogId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private async Task<SchemaStatus> ReadAsync(StateSession session) => new(_known, await database.HasSchemaAsync(session)
        ? await session.QueryAsync<AppliedMigration>(
            "SELECT number AS Number, name AS Name, checksum AS Checksum, compatible_from AS CompatibleFrom, applied_at AS AppliedAt FROM migration ORDER BY number")
        : []);

    private async Task BeginHistoryAsync(StateSession session)
    {
        if (await session.FindAsync<string>("SELECT log_id FROM history LIMIT 1") is null)
            await session.ExecuteAsync("INSERT INTO history (number, log_id, began_at) VALUES (1, @logId, @at)", new { logId = NewLogId(), at = StoredTime.Of(timeProvider.GetUtcNow()) });
    }
}
