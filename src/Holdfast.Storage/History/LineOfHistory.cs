namespace Holdfast.Storage;

/// <summary>The lines of history of a database, and the beginning of a new one.</summary>
internal static class LineOfHistory
{
    private const string Known = "SELECT count(*) FROM history WHERE log_id = @logId";
    private const string Count = "SELECT count(*) FROM history";
    private const string Begin = """
        INSERT INTO history (number, log_id, began_at, restored_at)
        SELECT h.number + 1, @logId, @at, @at FROM history h WHERE h.log_id = @current AND h.number = (SELECT max(number) FROM history) ON CONFLICT DO NOTHING
        """;
    private const string Raise = "UPDATE counter SET value = @value WHERE name = @name AND value < @value";
    private const string Read = """
        SELECT (SELECT value FROM counter WHERE name = 'registry') AS Revision, (SELECT value FROM counter WHERE name = 'revocation') AS Revocation,
          (SELECT value FROM counter WHERE name = 'audit') AS Audit
        """;

    /// <summary>How far its logs have come.</summary>
    public static async Task<LogPlaces> ReadAsync(StateSession session) =>
        await session.FindAsync<LogPlaces>(Read) ?? throw new InvalidDataException("The database has no counters.");

    /// <summary>Whether none was begun after the first.</summary>
    public static async Task<bool> IsFirstAsync(StateSession session) => await session.FindAsync<long>(Count) == 1;

    /// <summary>Whether this line is among those of the database, as its last or as one before.</summary>
    public static async Task<bool> IsKnownAsync(StateSession session, string logId) => await session.FindAsync<long>(Known, new { logId }) > 0;

    /// <summary>
    /// Begins a new line after <paramref name="current"/>: false where somebody has. What is single-use and of the lines before is void from then on; the logs go on above the
    /// highest place that anybody has seen, so that no place means two things.
    /// </summary>
    public static async Task<bool> TryBeginAsync(StateSession session, string current, LogPlaces seen, DateTimeOffset now)
    {
        if (await session.ExecuteAsync(Begin, new { logId = Migrator.NewLogId(), at = StoredTime.Of(now), current }) != 1)
            return false;
        session.Forget();
        await RaiseAsync(session, seen);
        return true;
    }

    /// <summary>Raises the places of the logs to what was seen, where they are below.</summary>
    public static async Task RaiseAsync(StateSession session, LogPlaces seen)
    {
        session.Forget();
        foreach ((string name, long value) in ((string, long)[])[("registry", seen.Revision), ("revocation", seen.Revocation), ("audit", seen.Audit)])
            await session.ExecuteAsync(Raise, new { name, value });
    }
}

/// <summary>The last places in the logs of a database.</summary>
internal sealed class LogPlaces
{
    public long Revision { get; init; }
    public long Revocation { get; init; }
    public long Audit { get; init; }
}
