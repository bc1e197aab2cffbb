using Holdfast.Registry;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holdfast.Storage;

/// <summary>What an operator does with a database: look, migrate, back up, restore. Of a program that is not an issuer: it has no pulse.</summary>
internal sealed class DatabaseOperations : IAsyncDisposable
{
    /// <summary>A program whose pulse is younger is taken for a running one.</summary>
    public static readonly TimeSpan Alive = TimeSpan.FromSeconds(15);

    private const string FindPrograms = "SELECT program AS Program, at AS At FROM pulse WHERE program <> '' AND at >= @since ORDER BY program";

    private readonly IStateDatabase _database;
    private readonly TimeProvider _timeProvider;
    private readonly IDatabaseCopies _copies;

    public DatabaseOperations(HoldfastStorageOptions options, TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _database = StateDatabase.Create(options, null, NullLoggerFactory.Instance);
        _copies = _database is SqliteDatabase sqlite ? new SqliteCopies(options, sqlite) : new PostgreSqlCopies(options);
        Registry = new RegistryStore(_database, timeProvider);
    }

    public string Name => _database.Name;

    /// <summary>The registry in it.</summary>
    public IRegistryStore Registry { get; }

    private Migrator Migrator => new(_database, _timeProvider, NullLogger.Instance);

    /// <summary>Whether there is a database to look at: a file is made by a migration only.</summary>
    public bool Exists => _copies.Exists;

    /// <summary>How it stands. Nothing is changed.</summary>
    public async Task<DatabaseStatus> ReadStatusAsync(CancellationToken cancellationToken)
    {
        if (!Exists)
            throw new StorageStartupException($"There is no database: {Name} does not exist. It is made by the issuer's first start, or by: holdfast db migrate.");
        SchemaStatus schema = await Migrator.ReadAsync(cancellationToken);
        if (schema.Applied == 0)
            return new(schema, default, null, []);
        return await _database.ReadAsync(async session =>
        {
            Here here = await session.FindHereAsync();
            return new DatabaseStatus(schema, here.Position, here.Restored, await FindProgramsAsync(session));
        }, cancellationToken);
    }

    /// <summary>Brings the schema up to date; returns the status and the migrations that ran.</summary>
    public async Task<(SchemaStatus Status, IReadOnlyList<Migration> Ran)> MigrateAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Migration> pending = (await Migrator.ReadAsync(cancellationToken)).Pending;
        return (await Migrator.MigrateAsync(cancellationToken), pending);
    }

    /// <summary>Copies the database into a file that must not exist, for its owner alone, while it is used.</summary>
    public async Task BackUpAsync(string file, CancellationToken cancellationToken)
    {
        DatabaseStatus status = await ReadStatusAsync(cancellationToken);
        if (status.Schema.Applied == 0)
            throw new StorageStartupException($"{StorageStartup.Capitalized(Name)} holds nothing yet: there is nothing to back up.");
        if (File.Exists(file))
            throw new StorageStartupException($"'{file}' exists; name another file, or delete it.");
        await _copies.SaveAsync(file, cancellationToken);
    }

    /// <summary>
    /// Puts a backup in the place of the database, which is kept under another name, and begins a new line of history in it. Refused while a program runs on it.
    /// </summary>
    /// <returns>Where what was there before is; null where nothing was.</returns>
    public async Task<string?> RestoreAsync(string file, bool isForced, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
            throw new StorageStartupException($"There is no file '{file}'.");
        LogPlaces seen = await LookBeforeAsync(isForced, cancellationToken);
        string? before = await _copies.RestoreAsync(file, session => BeginLineAsync(session, seen), cancellationToken);
        return before;
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    // How far the present database had come; a damaged one is no reason not to restore.
    private async Task<LogPlaces> LookBeforeAsync(bool isForced, CancellationToken cancellationToken)
    {
        var seen = new LogPlaces();
        try
        {
            if (!Exists || (await Migrator.ReadAsync(cancellationToken)).Applied == 0)
                return seen;
            IReadOnlyList<RunningProgram> programs;
            (seen, programs) = await _database.ReadAsync(async session => (await LineOfHistory.ReadAsync(session), await FindProgramsAsync(session)), cancellationToken);
            if (programs.Count > 0 && !isForced)
                throw new StorageStartupException($"{string.Join(", ", programs.Select(program => program.Program))} runs on {Name}; stop it and wait {Alive.TotalSeconds:0} s, or say --force to restore under it.");
        }
        catch (Exception fault) when (fault is StateUnavailableException or System.Data.Common.DbException && (isForced || fault is not Npgsql.NpgsqlException { IsTransient: true }))
        {
            // It cannot be read, which may be why it is restored.
        }
        return seen;
    }

    private async Task BeginLineAsync(StateSession session, LogPlaces seen)
    {
        Here here = await session.FindHereAsync();
        if (!await LineOfHistory.TryBeginAsync(session, here.LogId, seen, _timeProvider.GetUtcNow()))
            throw new StorageStartupException("Somebody else restores this database at the same time.");
        // What programs saw of another database means nothing here; those that are there again begin anew.
        await session.ExecuteAsync("DELETE FROM pulse");
    }

    private Task<IReadOnlyList<RunningProgram>> FindProgramsAsync(StateSession session) =>
        session.QueryAsync<RunningProgram>(FindPrograms, new { since = StoredTime.Of(_timeProvider.GetUtcNow() - Alive) });
}

/// <summary>How a database stands.</summary>
/// <param name="Schema">Its schema beside this program's.</param>
/// <param name="Position">Its line of history and the revision of its registry.</param>
/// <param name="RestoredAt">When this line began by a restore; null for the first.</param>
/// <param name="Programs">The programs that run on it.</param>
internal sealed record DatabaseStatus(SchemaStatus Schema, RegistryPosition Position, DateTimeOffset? RestoredAt, IReadOnlyList<RunningProgram> Programs);

/// <summary>A program that runs on a database.</summary>
internal sealed class RunningProgram
{
    public string Program { get; init; } = "";
    public long At { get; init; }
}
