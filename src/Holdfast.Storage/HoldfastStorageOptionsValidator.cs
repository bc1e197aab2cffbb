using Microsoft.Extensions.Options;
using Npgsql;

namespace Holdfast.Storage;

/// <summary>Reports every problem at once, each by the name of its setting.</summary>
internal sealed class HoldfastStorageOptionsValidator : IValidateOptions<HoldfastStorageOptions>
{
    public ValidateOptionsResult Validate(string? name, HoldfastStorageOptions options)
    {
        List<string> problems = [];
        if (options.PostgreSql is { } connectionString)
            CheckConnection(connectionString, problems);
        else if (string.IsNullOrWhiteSpace(options.DataDirectory))
            problems.Add("DataDirectory: missing; name a directory for SQLite, or set PostgreSql.");
        // It stands in statements as it is.
        if (string.IsNullOrEmpty(options.Schema) || options.Schema.Length > 48 || !options.Schema.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_') || char.IsAsciiDigit(options.Schema[0])
            || options.Schema.StartsWith("pg_", StringComparison.Ordinal))
        {
            problems.Add($"Schema: '{options.Schema}' is not made of up to 48 lower-case letters, digits and underscores, or begins with a digit or pg_.");
        }
        if (options.Deadline < TimeSpan.FromMilliseconds(100) || options.Deadline > TimeSpan.FromSeconds(30))
            problems.Add("Deadline: must lie between 100 ms and 30 s.");
        if (options.QueueCapacity < 1)
            problems.Add("QueueCapacity: must be at least 1.");
        if (options.Connections is < 2 or > 200)
            problems.Add("Connections: must lie between 2 and 200.");
        if (options.StartPatience < TimeSpan.Zero || options.StartPatience > TimeSpan.FromMinutes(10))
            problems.Add("StartPatience: must lie between 0 and 10 minutes.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static void CheckConnection(string connectionString, List<string> problems)
    {
        try
        {
            if (string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(connectionString).Host))
                problems.Add("PostgreSql: has no Host; name the database, for example Host=db.example.com;Database=holdfast;Username=holdfast.");
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException)
        {
            // The text may hold a password: its words are not repeated.
            problems.Add("PostgreSql: cannot be read as key=value pairs of Npgsql.");
        }
    }
}
