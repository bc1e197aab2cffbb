namespace Holdfast.Guard;

/// <summary>
/// Where several guards share their replay records: what is configured, for the host that brings a store for it. A class and not a record, so that nothing prints the
/// connection string.
/// </summary>
public sealed class GuardReplay
{
    internal GuardReplay() { }

    /// <summary>The PostgreSQL database, as Npgsql reads it. A secret.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The schema of its tables. Default <c>holdfast_replay</c>.</summary>
    public required string Schema { get; init; }

    /// <summary>What a guard does while the database cannot be asked. Default: it refuses.</summary>
    public GuardReplayLoss WhenUnavailable { get; init; }

    /// <summary>How long a check may wait for the database. Default 1 s.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>Where the settings begin in the file.</summary>
    public int Line { get; init; }

    internal const string DefaultSchema = "holdfast_replay";
    internal static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(1);
}

/// <summary>What a guard does while it cannot ask for replay records (DPOP-V-32). Either way nothing is accepted twice.</summary>
public enum GuardReplayLoss
{
    /// <summary>It answers 503.</summary>
    Refuse = 0,

    /// <summary>It demands nonces of its own, so that each proof is good at one guard; a client has to be kept at one while this lasts.</summary>
    Nonce = 1,
}
