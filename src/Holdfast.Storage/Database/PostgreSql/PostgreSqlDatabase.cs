using System.Data;
using System.Data.Common;
using System.Diagnostics;
using Holdfast.Issuer;
using Holdfast.Registry;
using Npgsql;

namespace Holdfast.Storage;

/// <summary>State that many machines share.</summary>
internal sealed class PostgreSqlDatabase : IStateDatabase
{
    private readonly HoldfastStorageOptions _options;
    private readonly Pulse? _pulse;
    private readonly NpgsqlDataSource _database;
    private readonly NpgsqlDataSource _work;
    private readonly PostgreSqlSpender _spender;
    private int _waiting;

    public PostgreSqlDatabase(HoldfastStorageOptions options, Pulse? pulse, Func<string, DatabaseHealth> health)
    {
        (_options, _pulse) = (options, pulse);
        var settings = new NpgsqlConnectionStringBuilder(options.PostgreSql);
        Name = $"the PostgreSQL database '{settings.Database ?? settings.Username}' at {settings.Host} (schema {options.Schema})";
        Health = health(Name);
        _database = PostgreSqlConnections.Create(options);
        _work = PostgreSqlConnections.CreateForWork(options);
        _spender = new(_database, pulse, Health, options);
    }

    public string Name { get; }

    public DatabaseHealth Health { get; }

    // One snapshot for all of it.
    public Task<T> ReadAsync<T>(Func<StateSession, Task<T>> read, CancellationToken cancellationToken) =>
        RunAsync(IsolationLevel.RepeatableRead, read, static _ => false, cancellationToken);

    public Task<T> WriteAsync<T>(Func<StateSession, Task<T>> write, Func<T, bool> keeps, CancellationToken cancellationToken) =>
        RunAsync(IsolationLevel.ReadCommitted, write, keeps, cancellationToken);

    public Task<StoreAnswer> SpendAsync(Spending spending, CancellationToken cancellationToken) => _spender.SpendAsync(spending, cancellationToken);

    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken) => await _work.OpenConnectionAsync(cancellationToken);

    public async Task LockSchemaAsync(StateSession session)
    {
        await session.FindAsync<string>("SELECT pg_advisory_xact_lock(hashtext('holdfast schema'), hashtext(@schema))::text", new { schema = _options.Schema });
        // Whoever may not make schemas may still use one that was made for him.
        string schema = PostgreSqlConnections.Quote(_options.Schema);
        if (await session.FindAsync<string>("SELECT to_regnamespace(@schema)::text", new { schema }) is null)
            await session.ExecuteAsync($"CREATE SCHEMA {schema}");
        // New tables go where the path begins.
        await session.ExecuteAsync($"SET LOCAL search_path = {schema}, pg_catalog, pg_temp");
    }

    public async Task<bool> HasSchemaAsync(StateSession session) =>
        await session.FindAsync<string>("SELECT to_regclass(@table)::text", new { table = $"{PostgreSqlConnections.Quote(_options.Schema)}.migration" }) is not null;

    // Whatever it is set back by ends the connections, or is seen by them.
    public Task RenewAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<bool> TryLockPurgeAsync(StateSession session) =>
        await session.FindAsync<bool>("SELECT pg_try_advisory_xact_lock(hashtext('holdfast purge'), hashtext(@schema))", new { schema = _options.Schema });

    public async ValueTask DisposeAsync()
    {
        await _spender.DisposeAsync();
        await _database.DisposeAsync();
        await _work.DisposeAsync();
    }

    private async Task<T> RunAsync<T>(IsolationLevel isolation, Func<StateSession, Task<T>> work, Func<T, bool> keeps, CancellationToken cancellationToken)
    {
        // The pool would let any number wait for it.
        if (Interlocked.Increment(ref _waiting) > _options.QueueCapacity)
        {
            Interlocked.Decrement(ref _waiting);
            throw new StateUnavailableException("Too many requests wait for the database.");
        }
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_options.Deadline);
        long asked = Stopwatch.GetTimestamp();
        try
        {
            await using NpgsqlConnection connection = await _database.OpenConnectionAsync(patience.Token);
            T result;
            await using (NpgsqlTransaction transaction = await connection.BeginTransactionAsync(isolation, patience.Token))
            {
                result = await work(new StateSession(connection, transaction, _pulse, patience.Token));
                if (keeps(result))
                    await transaction.CommitAsync(patience.Token);
                else
                    await transaction.RollbackAsync(patience.Token);
            }
            Health.Answered(asked);
            return result;
        }
        catch (Exception fault) when (fault is not StateUnavailableException && !cancellationToken.IsCancellationRequested)
        {
            throw StateFault.Of(fault, Health);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
