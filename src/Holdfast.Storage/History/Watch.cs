using Microsoft.Extensions.Logging;

namespace Holdfast.Storage;

/// <summary>
/// Notices that the database was set back: by a copied file, a dump that was read in, a recovery to an earlier time. Every few seconds this process raises a number of its own in it,
/// and remembers it, here and in a note beside the data; where it finds a smaller one than it wrote, or none, it begins a new line of history.
/// </summary>
internal sealed class Watch(IStateDatabase database, Pulse pulse, PulseNote note, TimeProvider timeProvider, ILogger logger)
{
    private const string Beat = """
        INSERT INTO pulse (id, beat, at, program) VALUES (@id, @beat, @at, @program)
        ON CONFLICT (id) DO UPDATE SET beat = CASE WHEN pulse.beat >= excluded.beat THEN pulse.beat + 1 ELSE excluded.beat END, at = excluded.at, program = excluded.program
        """;
    private const string End = "UPDATE pulse SET program = '' WHERE id = @id";

    private PulseRecord? _last;
    private bool _isUnwritten;

    /// <summary>
    /// The first look, before anything is served. Where an earlier version has left a record of spent assertions that this database was never told of, they all count as spent.
    /// </summary>
    public async Task BeginAsync(string? earlierVersion, CancellationToken cancellationToken)
    {
        _last = note.Read();
        pulse.Id = _last?.Id ?? pulse.Id;
        pulse.Last = _last?.Beat ?? 0;
        await BeatAsync(cancellationToken);
        if (earlierVersion is null)
            return;
        DateTimeOffset now = timeProvider.GetUtcNow();
        bool began = await database.WriteAsync(async session => await LineOfHistory.IsFirstAsync(session)
            && await LineOfHistory.TryBeginAsync(session, (await session.HereAsync()).LogId, new(), now), static began => began, cancellationToken);
        if (began)
            StorageLog.LogEarlierVersion(logger, earlierVersion, now);
    }

    /// <summary>This process goes: nobody need take it for a running one.</summary>
    public Task EndAsync(CancellationToken cancellationToken) => database.WriteAsync(session => session.ExecuteAsync(End, new { id = pulse.Id }), static _ => true, cancellationToken);

    /// <summary>Looks and raises the number.</summary>
    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        await database.RenewAsync(cancellationToken);
        DateTimeOffset now = timeProvider.GetUtcNow();
        (PulseRecord record, bool began) = await database.WriteAsync(session => BeatAsync(session, now), static _ => true, cancellationToken);
        // From here on every write of this process demands it.
        (_last, pulse.Last) = (record, record.Beat);
        if (began)
            StorageLog.LogSetBack(logger, database.Name, now);
        Keep(record);
    }

    private async Task<(PulseRecord Record, bool Began)> BeatAsync(StateSession session, DateTimeOffset now)
    {
        session.Forget();
        Here here = await session.FindHereAsync();
        bool began = await IsSetBackAsync(session, here) && await SetBackAsync(session, here, now);
        await session.ExecuteAsync(Beat, new { id = pulse.Id, beat = (_last?.Beat ?? 0) + 1, at = StoredTime.Of(now), program = $"{Environment.MachineName}/{Environment.ProcessId}" });
        here = await session.FindHereAsync();
        LogPlaces places = await LineOfHistory.ReadAsync(session);
        return (new(pulse.Id, here.LogId, here.Beat ?? 0, places.Revision, places.Revocation, places.Audit), began);
    }

    // The other sign: a line that is not among those of the database, so it was set back to before that one began.
    private async Task<bool> IsSetBackAsync(StateSession session, Here here) =>
        _last is not null && (!pulse.IsAfterLast(here.Beat) || !await LineOfHistory.IsKnownAsync(session, _last.LogId));

    private async Task<bool> SetBackAsync(StateSession session, Here here, DateTimeOffset now)
    {
        var seen = new LogPlaces { Revision = _last!.Revision, Revocation = _last.Revocation, Audit = _last.Audit };
        // Somebody has begun a new line after the one that this process was on: another process that noticed, or whoever restored it.
        if (here.LogId != _last.LogId && await LineOfHistory.IsKnownAsync(session, _last.LogId))
        {
            await LineOfHistory.RaiseAsync(session, seen);
            return false;
        }
        return await LineOfHistory.TryBeginAsync(session, here.LogId, seen, now);
    }

    // Told once: what it is for is a second line.
    private void Keep(PulseRecord record)
    {
        try
        {
            note.Write(record);
            _isUnwritten = false;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (!_isUnwritten)
                StorageLog.LogNoteUnwritten(logger, note.Path!, fault.Message);
            _isUnwritten = true;
        }
    }
}
