using System.Globalization;
using Holdfast.Registry;

namespace Holdfast.Storage;

/// <summary>Where a database stands: its line of history, the revision of its registry, and what this process wrote there last.</summary>
internal sealed class Here
{
    /// <summary>An assertion of a client whose clock is ahead may be older than it says by so much.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(10);

    /// <summary>One row. <c>@pulse</c>: the pulse of this process, or null.</summary>
    public const string Sql = """
        SELECT h.log_id AS LogId, h.restored_at AS RestoredAt, (SELECT value FROM counter WHERE name = 'registry') AS Revision,
          (SELECT beat FROM pulse WHERE id = @pulse) AS Beat
        FROM history h ORDER BY h.number DESC LIMIT 1
        """;

    public string LogId { get; init; } = "";
    public long? RestoredAt { get; init; }
    public long Revision { get; init; }
    public long? Beat { get; init; }

    public RegistryPosition Position => new(LogId, Revision);

    public DateTimeOffset? Restored => RestoredAt is { } at ? StoredTime.From(at) : null;

    /// <summary>
    /// Refuses a database that is older than what this process has seen of it: nothing may be decided by it until a new line of history has begun, in a moment.
    /// </summary>
    /// <param name="pulse">What this process has seen.</param>
    /// <param name="last">Its last pulse when the database was about to be asked: of one that is written meanwhile the answer need not know.</param>
    public Here Required(Pulse? pulse, long last)
    {
        if (pulse is null || Pulse.IsAfter(last, Beat))
            return this;
        pulse.FallBehind();
        throw new StateUnavailableException("The database was set back to an earlier state.");
    }

    /// <summary>Whether an assertion from that time may have been spent in a database that a backup took the place of.</summary>
    public bool MayHaveBeenSpent(DateTimeOffset issuedAt) => Restored is { } restored && issuedAt < restored + ClockTolerance;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{LogId}/{Revision}");
}
