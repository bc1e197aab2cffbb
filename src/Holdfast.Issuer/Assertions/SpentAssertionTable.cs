using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Holdfast.Issuer;

/// <summary>The table of spent assertions and its statements. Not for several threads.</summary>
internal sealed class SpentAssertionTable : IDisposable
{
    /// <summary>Rows outlive the assertion by this, in case the wall clock is set back.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    /// <summary>Deleting with every commit would cost more than the insertion.</summary>
    private static readonly TimeSpan PurgeInterval = TimeSpan.FromSeconds(10);

    private const int SchemaVersion = 1;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _purge;
    private DateTimeOffset _purged;
    private int _addedSincePurge;

    private SpentAssertionTable(SqliteConnection connection)
    {
        _connection = connection;
        _insert = connection.CreateCommand();
        _insert.CommandText = "INSERT INTO spent_assertion (client_id, jti_hash, expires_at) VALUES ($client, $jti, $expires) ON CONFLICT DO NOTHING";
        _insert.Parameters.Add("$client", SqliteType.Text);
        _insert.Parameters.Add("$jti", SqliteType.Blob);
        _insert.Parameters.Add("$expires", SqliteType.Integer);
        _purge = connection.CreateCommand();
        // Bounded, so that no request pays for a long backlog.
        _purge.CommandText = "DELETE FROM spent_assertion WHERE (client_id, jti_hash) IN "
            + "(SELECT client_id, jti_hash FROM spent_assertion WHERE expires_at < $before ORDER BY expires_at LIMIT $limit)";
        _purge.Parameters.Add("$before", SqliteType.Integer);
        _purge.Parameters.Add("$limit", SqliteType.Integer);
    }

    /// <summary>Opens the file, made for its owner alone where it does not exist.</summary>
    public static SpentAssertionTable Open(string directory, string fileName)
    {
        IssuerDataDirectory.Ensure(directory);
        string path = Path.Combine(directory, fileName);
        SqliteConnection? connection = null;
        try
        {
            if (!File.Exists(path))
                IssuerDataDirectory.CreateFile(path).Dispose();
            IssuerDataDirectory.RequireOwnerOnly(path, "record of spent assertions");
            connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 2 }.ToString());
            connection.Open();
            Prepare(connection, path);
            return new SpentAssertionTable(connection);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            connection?.Dispose();
            throw new IssuerStartupException(
                $"The record of spent assertions '{path}' cannot be opened ({e.Message}); mend its permissions, or, if it is damaged, stop for six "
                + "minutes (until every assertion in it has expired) and delete it.", e);
        }
    }

    /// <summary>Spends all in one transaction that is on the disk when this returns. Of equal ones the first wins.</summary>
    public SpendResult[] Spend(IReadOnlyList<SpentAssertion> assertions, DateTimeOffset now)
    {
        var results = new SpendResult[assertions.Count];
        using SqliteTransaction transaction = _connection.BeginTransaction();
        _insert.Transaction = _purge.Transaction = transaction;
        for (int i = 0; i < results.Length; i++)
        {
            _insert.Parameters[0].Value = assertions[i].ClientId;
            _insert.Parameters[1].Value = SHA256.HashData(Encoding.UTF8.GetBytes(assertions[i].Jti));
            _insert.Parameters[2].Value = assertions[i].ExpiresAt.ToUnixTimeSeconds();
            results[i] = _insert.ExecuteNonQuery() == 1 ? SpendResult.Spent : SpendResult.Replayed;
        }
        Purge(results.Length, now);
        transaction.Commit();
        return results;
    }

    private void Purge(int added, DateTimeOffset now)
    {
        _addedSincePurge += added;
        // A wall clock that was set back purges too: with a smaller horizon, which deletes nothing it should not.
        if ((now - _purged).Duration() < PurgeInterval)
            return;
        _purge.Parameters[0].Value = (now - Grace).ToUnixTimeSeconds();
        // More than were added, so that the table shrinks while it is used.
        _purge.Parameters[1].Value = (2 * _addedSincePurge) + 64;
        _purge.ExecuteNonQuery();
        (_purged, _addedSincePurge) = (now, 0);
    }

    private static void Prepare(SqliteConnection connection, string path)
    {
        // FULL forces every commit to the disk: a spent assertion stays spent after a power cut.
        Execute(connection, "PRAGMA journal_mode = WAL");
        Execute(connection, "PRAGMA synchronous = FULL");
        long version = (long)Execute(connection, "PRAGMA user_version")!;
        if (version > SchemaVersion)
            throw new IssuerStartupException($"The record of spent assertions '{path}' was written by a later version; start that one, or name another data directory.");
        Execute(connection, $"""
            CREATE TABLE IF NOT EXISTS spent_assertion (
              client_id TEXT NOT NULL, jti_hash BLOB NOT NULL, expires_at INTEGER NOT NULL, PRIMARY KEY (client_id, jti_hash)) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS spent_assertion_expires_at ON spent_assertion (expires_at);
            PRAGMA user_version = {SchemaVersion};
            """);
    }

    private static object? Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _purge.Dispose();
        _connection.Dispose();
    }
}
