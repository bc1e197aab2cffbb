using System.Data.Common;
using Holdfast.Issuer;
using Holdfast.Registry;

namespace Holdfast.Storage;

/// <summary>State in one file, for one machine.</summary>
internal sealed class SqliteDatabase : IStateDatabase
{
    private readonly TimeSpan _deadline;
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;

    public SqliteDatabase(HoldfastStorageOptions options, Pulse? pulse, Func<string, DatabaseHealth> health)
    {
        _deadline = options.Deadline;
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
        try
        {
            T result = await _readers.ReadAsync(read, patience.Token);
            Health.Answered();
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

    /// <summary>The file at its path is another one than that which is open.</summary>
    public void Reopen()
    {
        _writer.Reopen();
        _readers.Reopen();
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _readers.Dispose();
    }
}
