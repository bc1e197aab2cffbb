using Holdfast.AspNetCore;
using Microsoft.Data.Sqlite;

namespace Holdfast.Storage;

/// <summary>Copies of the file: made by SQLite itself, never by copying a file that is written to.</summary>
internal sealed class SqliteCopies(HoldfastStorageOptions options, SqliteDatabase database) : IDatabaseCopies
{
    // The file, and what SQLite keeps beside it: left behind, these would be read into the file that takes its place.
    private static readonly string[] Parts = ["", "-wal", "-shm"];

    public bool Exists => File.Exists(database.File.Path);

    public async Task SaveAsync(string file, CancellationToken cancellationToken)
    {
        string temporary = $"{file}.part";
        try
        {
            File.Delete(temporary);
            // An empty file is written into, and stays its owner's. A connection that may only read could not write that one either.
            await OwnerOnlyFiles.CreateNew(temporary).DisposeAsync();
            await using (SqliteConnection connection = database.File.OpenToWrite())
                await ExecuteAsync(connection, "VACUUM INTO $file", temporary, cancellationToken);
            using (var written = new FileStream(temporary, FileMode.Open, FileAccess.ReadWrite))
                written.Flush(flushToDisk: true);
            File.Move(temporary, file);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public async Task<string?> RestoreAsync(string file, Func<StateSession, Task> begin, CancellationToken cancellationToken)
    {
        string path = database.File.Path;
        string restoring = $"{path}.restoring";
        OwnerOnlyFiles.EnsureDirectory(options.DataDirectory!);
        try
        {
            Delete(restoring);
            await CheckAsync(file, cancellationToken);
            await using (FileStream target = OwnerOnlyFiles.CreateNew(restoring))
            await using (FileStream source = File.OpenRead(file))
            {
                await source.CopyToAsync(target, cancellationToken);
                target.Flush(flushToDisk: true);
            }
            await using (SqliteConnection connection = Open(restoring, SqliteOpenMode.ReadWrite))
            {
                await ExecuteAsync(connection, "PRAGMA synchronous = FULL", null, cancellationToken);
                await using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
                await begin(new StateSession(connection, transaction, null, cancellationToken));
                await transaction.CommitAsync(cancellationToken);
            }
            database.Reopen();
            return PutInPlace(restoring, path);
        }
        finally
        {
            Delete(restoring);
        }
    }

    // What was there goes aside with all of its parts, so that it can be looked into, and nothing of it is read into what comes.
    private string? PutInPlace(string restoring, string path)
    {
        bool hadOne = File.Exists(path);
        string aside = $"{path}.before-restore";
        if (hadOne)
        {
            Delete(aside);
            foreach (string part in Parts.Where(part => File.Exists(path + part)))
                File.Move(path + part, aside + part);
        }
        File.Move(restoring, path);
        // The note is of the database before: what it says is in the new line of history.
        File.Delete(Path.Combine(options.DataDirectory!, PulseNote.FileName));
        return hadOne ? aside : null;
    }

    private static async Task CheckAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            await using SqliteConnection connection = Open(file, SqliteOpenMode.ReadOnly);
            if (await ExecuteAsync(connection, "PRAGMA quick_check", null, cancellationToken) is not "ok")
                throw new StorageStartupException($"'{file}' is damaged; take another backup.");
            if (await ExecuteAsync(connection, "SELECT count(*) FROM sqlite_master WHERE name IN ('migration', 'history')", null, cancellationToken) is not 2L)
                throw new StorageStartupException($"'{file}' is no backup made by 'holdfast db backup'.");
        }
        catch (SqliteException fault)
        {
            throw new StorageStartupException($"'{file}' is no backup made by 'holdfast db backup' ({fault.Message}).", fault);
        }
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static async Task<object?> ExecuteAsync(SqliteConnection connection, string sql, string? file, CancellationToken cancellationToken)
    {
        await using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        // As long as it takes.
        command.CommandTimeout = 0;
        if (file is not null)
            command.Parameters.AddWithValue("$file", file);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static void Delete(string path)
    {
        foreach (string part in Parts)
            File.Delete(path + part);
    }
}
