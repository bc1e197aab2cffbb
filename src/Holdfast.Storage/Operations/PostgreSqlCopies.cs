using Holdfast.AspNetCore;
using Npgsql;

namespace Holdfast.Storage;

/// <summary>Copies of the schema, by PostgreSQL's own programs.</summary>
internal sealed class PostgreSqlCopies(HoldfastStorageOptions options) : IDatabaseCopies
{
    private readonly PostgreSqlTools _tools = new(options.PostgreSql!);

    private string Aside => $"{options.Schema}_before_restore";

    public bool Exists => true;

    public async Task SaveAsync(string file, CancellationToken cancellationToken)
    {
        string temporary = $"{file}.part";
        try
        {
            File.Delete(temporary);
            // It writes into the file that is there, which stays its owner's.
            await OwnerOnlyFiles.CreateNew(temporary).DisposeAsync();
            await _tools.RunAsync("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", $"--schema={options.Schema}", $"--file={temporary}", "--no-password"], cancellationToken);
            File.Move(temporary, file);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public async Task<string?> RestoreAsync(string file, Func<StateSession, Task> begin, CancellationToken cancellationToken)
    {
        // Without a database it only reads the file.
        string contents = await _tools.RunAsync("pg_restore", ["--list", file], cancellationToken);
        if (!contents.Contains($" TABLE {options.Schema} migration ", StringComparison.Ordinal) || !contents.Contains($" TABLE {options.Schema} history ", StringComparison.Ordinal))
            throw new StorageStartupException($"'{file}' is no backup of the schema '{options.Schema}' made by 'holdfast db backup'.");
        await using NpgsqlDataSource source = PostgreSqlConnections.CreateForWork(options);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
        bool hadOne = await ScalarAsync(connection, $"SELECT to_regnamespace('{Quoted(options.Schema)}') IS NOT NULL", cancellationToken) is true;
        if (hadOne)
            await ScalarAsync(connection, $"DROP SCHEMA IF EXISTS {Quoted(Aside)} CASCADE; ALTER SCHEMA {Quoted(options.Schema)} RENAME TO {Quoted(Aside)}", cancellationToken);
        try
        {
            // All or nothing.
            string database = new NpgsqlConnectionStringBuilder(options.PostgreSql) is { } settings ? settings.Database ?? settings.Username! : "";
            await _tools.RunAsync("pg_restore", ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", $"--dbname={database}", "--no-password", file], cancellationToken);
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
            await begin(new StateSession(connection, transaction, null, cancellationToken));
            await transaction.CommitAsync(cancellationToken);
        }
        catch when (hadOne)
        {
            // As it was.
            await ScalarAsync(connection, $"DROP SCHEMA IF EXISTS {Quoted(options.Schema)} CASCADE; ALTER SCHEMA {Quoted(Aside)} RENAME TO {Quoted(options.Schema)}", CancellationToken.None);
            throw;
        }
        return hadOne ? $"the schema '{Aside}'" : null;
    }

    private static string Quoted(string schema) => PostgreSqlConnections.Quote(schema);

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // The name of the schema holds nothing that could end the quotes.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
