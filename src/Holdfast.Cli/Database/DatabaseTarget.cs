using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Storage;
using Microsoft.Extensions.Options;

namespace Holdfast.Cli.Database;

/// <summary>Which database a command is about.</summary>
internal sealed class DatabaseTarget
{
    private const string Variable = "HOLDFAST_POSTGRES";

    private readonly Option<string> _data = new Option<string>("--data") { Description = "The data directory of the issuer, with SQLite in it.", HelpName = "DIR" }.NotEmpty();
    private readonly Option<string> _postgres = new Option<string>("--postgres")
    {
        Description = $"A PostgreSQL database, as Npgsql reads it. Keep its password out of the line: in PGPASSWORD, in a password file, or the whole in {Variable}.", HelpName = "CONNECTION",
    }.NotEmpty();
    private readonly Option<string> _schema = new Option<string>("--schema") { Description = "The PostgreSQL schema. Default: holdfast.", HelpName = "NAME" }.NotEmpty();
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object." };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_data, _postgres, _schema, _json])
            command.Options.Add(option);
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Its settings, all problems together.</summary>
    public HoldfastStorageOptions Resolve(ParseResult parsed, CliConsole console)
    {
        string? data = parsed.GetValue(_data), postgres = parsed.GetValue(_postgres);
        if (data is not null && postgres is not null)
            throw new CliException("--data and --postgres name two databases; name one.");
        if (data is null)
            postgres ??= Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } variable ? variable : null;
        if (data is null && postgres is null)
            throw new CliException($"Which database? Name the data directory of the issuer with --data, or a PostgreSQL database with --postgres or {Variable}.");
        var options = new HoldfastStorageOptions
        {
            DataDirectory = data is null ? null : console.FullPath(data), PostgreSql = postgres, Schema = parsed.GetValue(_schema) ?? "holdfast", Deadline = TimeSpan.FromSeconds(10),
        };
        ValidateOptionsResult validated = new HoldfastStorageOptionsValidator().Validate(null, options);
        return validated.Failed ? throw new CliException([.. validated.Failures!]) : options;
    }
}
