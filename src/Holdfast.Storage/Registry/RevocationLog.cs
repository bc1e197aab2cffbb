using Holdfast.Registry;

namespace Holdfast.Storage;

/// <summary>The log of revocations.</summary>
internal static class RevocationLog
{
    // Whoever holds the counter's row is the only one who writes here, so places become visible in their order, and one that was not kept leaves no gap.
    private const string Lock = "UPDATE counter SET value = value WHERE name = 'revocation'";
    private const string Last = "SELECT value FROM counter WHERE name = 'revocation'";
    private const string Move = "UPDATE counter SET value = @value WHERE name = 'revocation'";
    // What ends later than it was recorded to is recorded again, in a new place, so that whoever follows the log hears of it.
    private const string Shorter = "DELETE FROM revocation WHERE key = @key AND until IS NOT NULL AND (@isEndless = 1 OR until < @until)";
    private const string Insert = """
        INSERT INTO revocation (key, sequence, at, kind, value, until, reason) VALUES (@key, @sequence, @at, @kind, @value, @until, @reason) ON CONFLICT (key) DO NOTHING
        """;

    /// <summary>Records them, each once. The last thing that a transaction does, because all others wait for it from here on.</summary>
    public static async Task AddAsync(StateSession session, IReadOnlyList<Revocation> revocations, DateTimeOffset now)
    {
        if (revocations.Count == 0)
            return;
        await session.ExecuteAsync(Lock);
        long sequence = await session.FindAsync<long>(Last);
        long before = sequence;
        foreach (Revocation revocation in revocations)
        {
            byte[] key = StoredKey.Of(revocation.Kind, revocation.Value);
            long until = revocation.Until is { } end ? StoredTime.Of(end) : 0;
            bool isEndless = revocation.Until is null;
            await session.ExecuteAsync(Shorter, new { key, isEndless = isEndless ? 1L : 0L, until });
            sequence += await session.ExecuteAsync(Insert, new
            {
                key, sequence = sequence + 1, at = StoredTime.Of(now), kind = (long)revocation.Kind, value = StoredText.Of(revocation.Value),
                until = isEndless ? (long?)null : until, reason = StoredText.Of(revocation.Reason),
            });
        }
        if (sequence != before)
            await session.ExecuteAsync(Move, new { value = sequence });
    }
}
