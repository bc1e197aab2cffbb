using Holdfast.AspNetCore;
using Microsoft.Data.Sqlite;

namespace Holdfast.Storage;

/// <summary>The database file: for its owner alone, and the connections to it.</summary>
internal sealed class SqliteFile(string directory)
{
    public string Path { get; } = System.IO.Path.Combine(directory, HoldfastStorageOptions.FileName);

    /// <summary>How long a statement waits for another program's.</summary>
    public required TimeSpan BusyTimeout { get; init; }

    /// <summary>Makes the directory and the file where they are missing; true where the file was.</summary>
    public bool Ensure()
    {
        OwnerOnlyFiles.EnsureDirectory(directory);
        bool isNew = !File.Exists(Path);
        if (isNew)
            OwnerOnlyFiles.CreateNew(Path).Dispose();
        // Read by others it would tell them who signs in where; changed by others, anything.
        OwnerOnlyFiles.OpenRead(Path).Dispose();
        return isNew;
    }

    /// <summary>A connection for the one that writes. Every commit is forced to the disk: what was spent stays spent after a power cut.</summary>
    public SqliteConnection OpenToWrite() => Open(SqliteOpenMode.ReadWrite, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");

    /// <summary>A connection that cannot write.</summary>
    public SqliteConnection OpenToRead() => Open(SqliteOpenMode.ReadOnly, "PRAGMA query_only = ON");

    private SqliteConnection Open(SqliteOpenMode mode, string settings)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path, Mode = mode, Pooling = false, ForeignKeys = true, DefaultTimeout = Math.Max(1, (int)Math.Ceiling(BusyTimeout.TotalSeconds)),
        }.ToString());
        try
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this file.
            command.CommandText = settings;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
