namespace Holdfast.Storage;

/// <summary>Where the issuer's state is kept: SQLite in a data directory on one machine, PostgreSQL for many. Validated at start, all problems together.</summary>
public sealed class HoldfastStorageOptions
{
    /// <summary>
    /// The directory of the SQLite database <c>holdfast.db</c>, made for its owner alone where it is missing. With <see cref="PostgreSql"/> it may be set too: then it keeps
    /// only a small note by which a database that was set back while no issuer ran is noticed.
    /// </summary>
    public string? DataDirectory { get; set; }

    /// <summary>
    /// The connection string of a PostgreSQL database, as Npgsql reads it; set, it is used in place of SQLite. Directly and not by way of a pooler that gives each transaction
    /// another connection. Of several hosts the primary is taken.
    /// </summary>
    public string? PostgreSql { get; set; }

    /// <summary>The PostgreSQL schema of its tables, made where the user may. Lower-case letters, digits, underscores. Default <c>holdfast</c>.</summary>
    public string Schema { get; set; } = "holdfast";

    /// <summary>
    /// Whether the schema is brought up to date at start. Default true; false where that is done by <c>holdfast db migrate</c>: then a schema that is too old ends the start.
    /// </summary>
    public bool MigrateAtStart { get; set; } = true;

    /// <summary>How long a call may take, waiting included; past it the database counts as not answering (503). Default 2 s, from 100 ms to 30 s.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many calls may wait at once; past it they are refused at once (503). Default 4,096, at least 1.</summary>
    public int QueueCapacity { get; set; } = 4_096;

    /// <summary>The most connections to PostgreSQL. Default 16, from 2 to 200.</summary>
    public int Connections { get; set; } = 16;

    /// <summary>How long a start waits for a database that does not answer. Default 30 s, from 0 to 10 minutes.</summary>
    public TimeSpan StartPatience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The name of the SQLite file.</summary>
    internal const string FileName = "holdfast.db";

    /// <summary>How often a process looks whether the database was set back.</summary>
    internal TimeSpan PulseInterval { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How often expired rows are looked for, give or take a third.</summary>
    internal TimeSpan PurgeInterval { get; set; } = TimeSpan.FromSeconds(5);
}
