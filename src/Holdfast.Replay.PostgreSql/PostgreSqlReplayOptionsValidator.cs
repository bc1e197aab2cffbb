using Microsoft.Extensions.Options;
using Npgsql;

namespace Holdfast.Replay.PostgreSql;

/// <summary>Reports every problem at once, each by the name of its setting.</summary>
internal sealed class PostgreSqlReplayOptionsValidator : IValidateOptions<PostgreSqlReplayOptions>
{
    public ValidateOptionsResult Validate(string? name, PostgreSqlReplayOptions options)
    {
        List<string> problems = [];
        CheckConnection(options.ConnectionString, problems);
        // It stands in statements as it is.
        if (options.Schema.Length is 0 or > 48 || !options.Schema.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_') || char.IsAsciiDigit(options.Schema[0]))
            problems.Add($"Schema: '{options.Schema}' is not made of up to 48 lower-case letters, digits and underscores.");
        if (!Enum.IsDefined(options.WhenUnavailable))
            problems.Add($"WhenUnavailable: {(int)options.WhenUnavailable} is neither Refuse nor Nonce.");
        if (options.Deadline < TimeSpan.FromMilliseconds(50) || options.Deadline > TimeSpan.FromSeconds(10))
            problems.Add("Deadline: must lie between 50 ms and 10 s.");
        if (options.QueueCapacity < 1)
            problems.Add("QueueCapacity: must be at least 1.");
        if (options.Connections is < 1 or > 16)
            problems.Add("Connections: must lie between 1 and 16.");
        if (options.Capacity < 1)
            problems.Add("Capacity: must be at least 1.");
        if (options.QuotaPerKey is < 1)
            problems.Add("QuotaPerKey: must be at least 1.");
        if (options.NonceKeyLifetime < TimeSpan.FromMinutes(10) || options.NonceKeyLifetime > TimeSpan.FromDays(30))
            problems.Add("NonceKeyLifetime: must lie between ten minutes and thirty days.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static void CheckConnection(string connectionString, List<string> problems)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            problems.Add("ConnectionString: missing; name the database, for example Host=db.example.com;Database=holdfast;Username=holdfast.");
            return;
        }
        try
        {
            if (string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(connectionString).Host))
                problems.Add("ConnectionString: has no Host.");
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException)
        {
            // The text may hold a password; what is wrong with it is in the message, and its words are not.
            problems.Add("ConnectionString: cannot be read as key=value pairs of Npgsql.");
        }
    }
}
