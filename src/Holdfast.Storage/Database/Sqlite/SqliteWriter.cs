using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Holdfast.Storage;

/// <summary>
/// The one that writes. It takes all writes that wait into one transaction, each in a savepoint of its own, because forcing a transaction to the disk costs many times what a
/// write costs; they are answered when it is on the disk.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MaxBatch = 128;
    private const string Savepoint = "one";

    private readonly Channel<SqliteWrite> _waiting;
    private readonly SqliteFile _file;
    private readonly Pulse? _pulse;
    private readonly DatabaseHealth _health;
    private readonly Task _working;
    private SqliteConnection? _connection;
    private volatile bool _reopens;

    public SqliteWriter(SqliteFile file, Pulse? pulse, int capacity, DatabaseHealth health)
    {
        (_file, _pulse, _health) = (file, pulse, health);
        _waiting = Channel.CreateBounded<SqliteWrite>(new BoundedChannelOptions(capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        _working = Task.Run(WorkAsync);
    }

    /// <summary>False where too many wait, or it has ended.</summary>
    public bool TryAdd(SqliteWrite write) => _waiting.Writer.TryWrite(write);

    /// <summary>The file at its path is another one: open that before the next write.</summary>
    public void Reopen() => _reopens = true;

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _working;
    }

    private async Task WorkAsync()
    {
        var batch = new List<SqliteWrite>(MaxBatch);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            // Behind the work that waits for a thread already: under load its writes join this transaction; where nothing waits, nothing is lost.
            await Task.Yield();
            while (batch.Count < MaxBatch && _waiting.Reader.TryRead(out SqliteWrite? write))
            {
                if (write.IsWanted)
                    batch.Add(write);
                else
                    write.Fail(new OperationCanceledException());
            }
            if (batch.Count > 0)
                Write(batch);
            batch.Clear();
        }
        _connection?.Dispose();
    }

    private void Write(List<SqliteWrite> batch)
    {
        // Those that were done, and wait for the disk.
        List<SqliteWrite> done = new(batch.Count);
        long asked = Stopwatch.GetTimestamp();
        try
        {
            using SqliteTransaction transaction = Open().BeginTransaction(deferred: false);
            var session = new StateSession(_connection!, transaction, _pulse, CancellationToken.None);
            foreach (SqliteWrite write in batch)
            {
                if (TryRun(write, session, transaction))
                    done.Add(write);
            }
            transaction.Commit();
        }
#pragma warning disable CA1031 // Whatever goes wrong is a fault of the database; let out, it would end the writer, and every later request would wait for ever.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            // Fail closed: what is not known to be on the disk was not written.
            Close();
            Exception unavailable = StateFault.Of(fault, _health);
            foreach (SqliteWrite write in batch)
                write.Fail(unavailable);
            return;
        }
        _health.Answered(asked);
        foreach (SqliteWrite write in done)
            write.Complete();
    }

    // One write in its savepoint. A statement that is refused is that write's own failure; anything else goes up and is everybody's.
    private bool TryRun(SqliteWrite write, StateSession session, SqliteTransaction transaction)
    {
        transaction.Save(Savepoint);
        try
        {
            if (!write.Run(session))
                TakeBack(session, transaction);
            transaction.Release(Savepoint);
            return true;
        }
        catch (Exception fault) when (StateFault.IsRefusal(fault))
        {
            TakeBack(session, transaction);
            transaction.Release(Savepoint);
            write.Fail(StateFault.Of(fault, _health));
            return false;
        }
    }

    private static void TakeBack(StateSession session, SqliteTransaction transaction)
    {
        transaction.Rollback(Savepoint);
        session.Forget();
    }

    private SqliteConnection Open()
    {
        if (_reopens)
        {
            _reopens = false;
            Close();
        }
        return _connection ??= _file.OpenToWrite();
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
