using System.CommandLine;
using System.Data.Common;
using System.Globalization;
using Holdfast.Cli.Database;
using Holdfast.Cli.Output;
using Holdfast.Registry;
using Holdfast.Storage;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast db</c>: the issuer's database, from beside it.</summary>
internal static class DbCommand
{
    public static Command Create(CliConsole console)
    {
        var command = new Command("db", "Looks after the issuer's database: its schema, its backups, its first administrator.")
        {
            CreateStatus(console), CreateMigrate(console), CreateBackup(console), CreateRestore(console), DbAddAdmin.Create(console),
        };
        return command.WithExamples(
            ("holdfast db status --data /var/lib/holdfast", "is the schema up to date, and who runs on it?"),
            ("holdfast db backup /backup/holdfast.db --data /var/lib/holdfast", "copy it while it is used"),
            ("holdfast db add-admin --client-id admin --jwks admin.jwks --issuer https://id.example.com --data /var/lib/holdfast", "let the first administrator in"));
    }

    /// <summary>Runs something on the database; what is wrong with it is a sentence.</summary>
    internal static async Task<int> RunAsync(DatabaseTarget target, ParseResult parsed, CliConsole console, Func<DatabaseOperations, Task<int>> work)
    {
        await using var operations = new DatabaseOperations(target.Resolve(parsed, console), console.Time);
        try
        {
            return await work(operations);
        }
        catch (StorageStartupException failure)
        {
            throw new CliException(failure.Message, failure);
        }
        catch (Exception failure) when (failure is DbException or StateUnavailableException)
        {
            throw new CliException($"{StorageStartup.Capitalized(operations.Name)} cannot be used: {failure.Message.TrimEnd('.')}. Is it running, and may you use it?", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"{failure.Message.TrimEnd('.')}; mend its permissions, or name another place.", failure);
        }
    }

    /// <summary>Prints a result.</summary>
    internal static Task PrintAsync(CliConsole console, bool isJson, DatabaseChange change, string text) =>
        console.Out.WriteLineAsync(isJson ? CliJson.Write(change, CliJson.Indented.DatabaseChange) : text);

    private static Command CreateStatus(CliConsole console)
    {
        var target = new DatabaseTarget();
        var command = new Command("status", "Says which schema the database has, its line of history, and which programs run on it. Exit code 1: it must be migrated first, or this program must not use it.");
        target.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(target, parsed, console, async operations =>
        {
            DatabaseStatus status = await operations.ReadStatusAsync(cancellationToken);
            await PrintStatusAsync(operations.Name, status, console, target.IsJson(parsed));
            return status.Schema.Refusal is null && status.Schema.Pending.Count == 0 ? ExitCodes.Ok : ExitCodes.Failed;
        }));
        return command.WithExamples(
            ("holdfast db status --data /var/lib/holdfast", "of SQLite in a data directory"),
            ("holdfast db status --postgres 'Host=db.example.com;Database=holdfast;Username=holdfast' --json", "of PostgreSQL, for a script"));
    }

    private static Command CreateMigrate(CliConsole console)
    {
        var target = new DatabaseTarget();
        var command = new Command("migrate", "Brings the schema up to date, as an issuer's start does. Programs of the version before may keep running.");
        target.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(target, parsed, console, async operations =>
        {
            (SchemaStatus status, IReadOnlyList<Migration> ran) = await operations.MigrateAsync(cancellationToken);
            string[] names = [.. ran.Select(Name)];
            await PrintAsync(console, target.IsJson(parsed), new() { Database = operations.Name, Action = "migrate", Schema = status.Applied, Migrations = names },
                names.Length == 0 ? $"Nothing to do: {operations.Name} is of schema {status.Applied}." : $"Brought {operations.Name} to schema {status.Applied}: {string.Join(", ", names)}.");
            return ExitCodes.Ok;
        }));
        return command.WithExamples(("holdfast db migrate --data /var/lib/holdfast", "before an issuer with MigrateAtStart off is started"));
    }

    private static Command CreateBackup(CliConsole console)
    {
        var target = new DatabaseTarget();
        Argument<string> file = new Argument<string>("FILE") { Description = "The backup to be made; it must not exist." }.WithoutOptions();
        var command = new Command("backup", "Copies the database as it is at one moment into a file for you alone, while it is used. PostgreSQL: by pg_dump.") { file };
        target.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(target, parsed, console, async operations =>
        {
            string path = console.FullPath(parsed.GetRequiredValue(file));
            await console.Error.WriteLineAsync($"Copying {operations.Name} ...");
            await operations.BackUpAsync(path, cancellationToken);
            long octets = new FileInfo(path).Length;
            await PrintAsync(console, target.IsJson(parsed), new() { Database = operations.Name, Action = "backup", File = path, Octets = octets },
                string.Create(CultureInfo.InvariantCulture, $"Saved {operations.Name} as {console.ShortPath(path)} ({octets:N0} octets). It holds who signed in and the issuer's encrypted keys: keep it as safe as those."));
            return ExitCodes.Ok;
        }));
        return command.WithExamples(
            ("holdfast db backup /backup/holdfast.db --data /var/lib/holdfast", "SQLite"),
            ("holdfast db backup /backup/holdfast.dump --postgres 'Host=db.example.com;Database=holdfast;Username=holdfast'", "PostgreSQL"));
    }

    private static Command CreateRestore(CliConsole console)
    {
        var target = new DatabaseTarget();
        Argument<string> file = new Argument<string>("FILE") { Description = "What 'holdfast db backup' made." }.WithoutOptions();
        var force = new Option<bool>("--force") { Description = "Also while an issuer runs on it." };
        var command = new Command("restore", "Puts a backup in the place of the database, keeps what was there, and begins a new line of history, so that nothing that was used once works again.") { file, force };
        target.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(target, parsed, console, async operations =>
        {
            string path = console.FullPath(parsed.GetRequiredValue(file));
            await console.Error.WriteLineAsync($"Restoring {operations.Name} from {console.ShortPath(path)} ...");
            string? before = await operations.RestoreAsync(path, parsed.GetValue(force), cancellationToken);
            DatabaseStatus status = await operations.ReadStatusAsync(cancellationToken);
            await PrintAsync(console, target.IsJson(parsed),
                new() { Database = operations.Name, Action = "restore", File = path, Before = before, LogId = status.Position.LogId, Schema = status.Schema.Applied },
                $"Restored {operations.Name}: a new line of history, {status.Position.LogId}.{(before is null ? "" : $" What was there is {console.ShortPath(before)}.")}\n"
                + "Client assertions, codes and pushed requests from before count no more. What was changed or revoked since the backup is lost: look through the clients and revocations.");
            return ExitCodes.Ok;
        }));
        return command.WithExamples(
            ("holdfast db restore /backup/holdfast.db --data /var/lib/holdfast", "with the issuer stopped"),
            ("holdfast db restore /backup/holdfast.dump --postgres 'Host=db.example.com;Database=holdfast;Username=holdfast'", "PostgreSQL, by pg_restore"));
    }

    private static async Task PrintStatusAsync(string name, DatabaseStatus status, CliConsole console, bool isJson)
    {
        string[] pending = [.. status.Schema.Pending.Select(Name)];
        if (isJson)
        {
            await console.Out.WriteLineAsync(CliJson.Write(new DatabaseReport
            {
                Database = name, Schema = status.Schema.Applied, ProgramSchema = status.Schema.Known, Pending = pending, Refusal = status.Schema.Refusal,
                LogId = status.Position.LogId, Revision = status.Position.Revision, RestoredAt = status.RestoredAt, Programs = [.. status.Programs.Select(program => program.Program)],
            }, CliJson.Indented.DatabaseReport));
            return;
        }
        await console.Out.WriteLineAsync(StorageStartup.Capitalized(name));
        await console.Out.WriteLineAsync($"  schema     {status.Schema.Applied} of {status.Schema.Known}{(pending.Length > 0 ? $"; to be run: {string.Join(", ", pending)} (holdfast db migrate)" : "")}");
        if (status.Schema.Refusal is { } refusal)
            await console.Out.WriteLineAsync($"  refused    {refusal}");
        if (status.Schema.Applied == 0)
            return;
        await console.Out.WriteLineAsync($"  history    {status.Position.LogId}{(status.RestoredAt is { } at ? string.Create(CultureInfo.InvariantCulture, $", restored {at:yyyy-MM-dd HH:mm:ss} UTC") : "")}");
        await console.Out.WriteLineAsync($"  registry   revision {status.Position.Revision}");
        await console.Out.WriteLineAsync($"  programs   {(status.Programs.Count == 0 ? "none" : string.Join(", ", status.Programs.Select(program => program.Program)))}");
    }

    private static string Name(Migration migration) => string.Create(CultureInfo.InvariantCulture, $"{migration.Number:0000}_{migration.Name}");
}
