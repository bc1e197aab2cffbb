using System.Data.Common;
using System.Diagnostics;
using Holdfast.Issuer;
using Holdfast.Registry;
using Microsoft.Data.Sqlite;

namespace Holdfast.Storage;

/// <summary>State in one file, for one machine.</summary>
internal sealed class SqliteDatabase : IStateDatabase
{
    private readonly TimeSpan _deadline;
    private readonly Pulse? _pulse;
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;

    public SqliteDatabase(HoldfastStorageOptions options, Pulse? pulse, Func<string, DatabaseHealth> health)
    {
        (_deadline, _pulse) = (options.Deadline, pulse);
        File = new(options.DataDirectory!) { BusyTimeout = options.Deadline };
        Name = $"the database '{File.Path}'";
        Health = health(Name);
        _writer = new(File, pulse, options.QueueCapacity, Health);
        _readers = new(File, pulse);
    }

    public string Name { get; }

    public DatabaseHealth Health { get; }

    public SqliteFile File { get; }

    public async Task<T> ReadAsync<T>(Func<StateSession, Task<T>> read, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_deadline);
        long asked = Stopwatch.GetTimestamp();
        try
        {
            T result = await _readers.ReadAsync(read, patience.Token);
            Health.Answered(asked);
            return result;
        }
        catch (Exception fault) when (fault is not StateUnavailableException && !cancellationToken.IsCancellationRequested)
        {
            throw StateFault.Of(fault, Health);
        }
    }

    public async Task<T> WriteAsync<T>(Func<StateSession, Task<T>> write, Func<T, bool> keeps, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_deadline);
        var waiting = new SqliteWrite<T>(write, keeps, patience.Token);
        if (!_writer.TryAdd(waiting))
            throw new StateUnavailableException("Too many writes wait for the database.");
        try
        {
            return await waiting.Task.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw StateFault.Of(late, Health);
        }
    }

    public Task<StoreAnswer> SpendAsync(Spending spending, CancellationToken cancellationToken) =>
        WriteAsync(session => Admission.AdmitAsync(session, spending), static answer => answer == StoreAnswer.Done, cancellationToken);

    public Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        File.Ensure();
        return Task.FromResult<DbConnection>(File.OpenToWrite());
    }

    // The transaction itself is the lock: the first statement that writes takes it.
    public Task LockSchemaAsync(StateSession session) => Task.CompletedTask;

    public async Task<bool> HasSchemaAsync(StateSession session) =>
        await session.FindAsync<string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'migration'") is not null;

    public Task<bool> TryLockPurgeAsync(StateSession session) => Task.FromResult(true);

    // A file that was moved away, or that another was moved over, stays open and goes on as if nothing had happened: only whoever opens its path sees.
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        if (_pulse is not { Last: > 0 })
            return;
        try
        {
            await using SqliteConnection fresh = File.OpenToRead();
            Here here = await new StateSession(fresh, null, _pulse, cancellationToken).FindHereAsync();
            if (_pulse.IsAfterLast(here.Beat))
                return;
        }
        catch (Exception fault) when (fault is DbException or IOException or InvalidDataException)
        {
            // What comes now is told by whoever uses it.
        }
        Reopen();
    }

    /// <summary>The file at its path is another one than that which is open, or is about to be.</summary>
    public void Reopen()
    {
        _writer.Reopen();
        _readers.Reopen();
    }

    public async ValueTask DisposeAsync()
    {
        // The writer last: whoever closes the file last clears its log away, and a reader may not.
        _readers.Dispose();
        await _writer.DisposeAsync();
    }
}
