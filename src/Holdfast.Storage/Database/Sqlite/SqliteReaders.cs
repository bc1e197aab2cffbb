using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Holdfast.Storage;

/// <summary>A few connections that read while the writer writes.</summary>
internal sealed class SqliteReaders(SqliteFile file, Pulse? pulse) : IDisposable
{
    private const int Limit = 4;

    private readonly SemaphoreSlim _free = new(Limit);
    private readonly ConcurrentBag<(SqliteConnection Connection, int Generation)> _idle = [];
    private volatile int _generation;

    /// <summary>Reads in one transaction, so that all of it is of one moment.</summary>
    public async Task<T> ReadAsync<T>(Func<StateSession, Task<T>> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            int generation = _generation;
            SqliteConnection connection = Take(generation);
            try
            {
                T result;
                await using (SqliteTransaction transaction = connection.BeginTransaction(deferred: true))
                    result = await read(new StateSession(connection, transaction, pulse, cancellationToken));
                _idle.Add((connection, generation));
                return result;
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>The file at its path is another one.</summary>
    public void Reopen()
    {
        _generation++;
        Clear();
    }

    public void Dispose()
    {
        Clear();
        _free.Dispose();
    }

    private SqliteConnection Take(int generation)
    {
        while (_idle.TryTake(out (SqliteConnection Connection, int Generation) idle))
        {
            if (idle.Generation == generation)
                return idle.Connection;
            idle.Connection.Dispose();
        }
        return file.OpenToRead();
    }

    private void Clear()
    {
        while (_idle.TryTake(out (SqliteConnection Connection, int Generation) idle))
            idle.Connection.Dispose();
    }
}
