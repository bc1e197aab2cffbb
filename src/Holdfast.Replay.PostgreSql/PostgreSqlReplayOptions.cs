namespace Holdfast.Replay.PostgreSql;

/// <summary>How a node shares its replay records. Validated at start, all problems together.</summary>
public sealed class PostgreSqlReplayOptions
{
    /// <summary>
    /// The database, as Npgsql reads it. Required. Directly and not by way of a pooler that gives each transaction another connection. Of several hosts the primary is
    /// taken (<c>Target Session Attributes</c>), so a failover needs no change here.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The schema of its tables, made at the first start where the user may. Nodes that share proofs share it. Lower-case letters, digits, underscores. Default <c>holdfast_replay</c>.</summary>
    public string Schema { get; set; } = "holdfast_replay";

    /// <summary>What happens while the database cannot be asked. Default: refuse.</summary>
    public ReplayLoss WhenUnavailable { get; set; }

    /// <summary>How long a check may wait before it is sent, and how long the database may take for it; past either the request is refused (503). Default 1 s, from 50 ms to 10 s.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many checks may wait at once; past it requests are refused at once (503). Default 8,192, at least 1.</summary>
    public int QueueCapacity { get; set; } = 8_192;

    /// <summary>Connections that carry checks; one more keeps house. Default 2, from 1 to 16.</summary>
    public int Connections { get; set; } = 2;

    /// <summary>The most live records that this node files; past it proofs are refused, never forgotten. A record takes some 100 bytes in the database for four minutes. Default 4,000,000.</summary>
    public int Capacity { get; set; } = 4_000_000;

    /// <summary>How many of them one proof key may have at this node. Default (null): an eighth.</summary>
    public int? QuotaPerKey { get; set; }

    /// <summary>How often the key of the nonces is exchanged. Default one day, from ten minutes to thirty days.</summary>
    public TimeSpan NonceKeyLifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How often the tables are looked after.</summary>
    internal TimeSpan HouseInterval { get; set; } = TimeSpan.FromSeconds(1);
}
