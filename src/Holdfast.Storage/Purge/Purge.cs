namespace Holdfast.Storage;

/// <summary>Deletes what nobody can ask for any more, a little at a time.</summary>
internal sealed class Purge(IStateDatabase database, TimeProvider timeProvider)
{
    /// <summary>At most so many rows a table and round, so that no request waits long for it.</summary>
    public const int Limit = 500;

    /// <summary>Rows outlive what they are about by this, in case the wall clock is set back.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    /// <summary>A code is known for so long, redeemed or not: whoever brings it a second time ends what came from it.</summary>
    private static readonly TimeSpan CodesKept = TimeSpan.FromHours(24);

    /// <summary>A process that has not been heard of for so long is gone.</summary>
    private static readonly TimeSpan PulsesKept = TimeSpan.FromDays(30);

    private static readonly (string Sql, TimeSpan Kept)[] Steps =
    [
        ("DELETE FROM assertion WHERE key IN (SELECT key FROM assertion WHERE expires_at < @before ORDER BY expires_at LIMIT @limit)", Grace),
        ("DELETE FROM pushed_request WHERE hash IN (SELECT hash FROM pushed_request WHERE expires_at < @before ORDER BY expires_at LIMIT @limit)", Grace),
        ("DELETE FROM authorization_code WHERE hash IN (SELECT hash FROM authorization_code WHERE expires_at < @before ORDER BY expires_at LIMIT @limit)", CodesKept),
        ("DELETE FROM refresh_token WHERE hash IN (SELECT hash FROM refresh_token WHERE expires_at < @before ORDER BY expires_at LIMIT @limit)", Grace),
        ("DELETE FROM refresh_token WHERE hash IN (SELECT r.hash FROM issued_grant g JOIN refresh_token r ON r.grant_id = g.grant_id WHERE g.ended_at < @before LIMIT @limit)", CodesKept),
        ($"DELETE FROM issued_grant WHERE grant_id IN (SELECT grant_id FROM issued_grant g WHERE g.expires_at < @before AND {IsLeft} ORDER BY g.expires_at LIMIT @limit)", CodesKept),
        ($"DELETE FROM issued_grant WHERE grant_id IN (SELECT grant_id FROM issued_grant g WHERE g.ended_at < @before AND {IsLeft} ORDER BY g.ended_at LIMIT @limit)", CodesKept),
        ("DELETE FROM revocation WHERE key IN (SELECT key FROM revocation WHERE until < @before ORDER BY until LIMIT @limit)", Grace),
        ("DELETE FROM pulse WHERE at < @before", PulsesKept),
    ];

    // Nothing refers to it any more.
    private const string IsLeft = """
        NOT EXISTS (SELECT 1 FROM authorization_code c WHERE c.grant_id = g.grant_id) AND NOT EXISTS (SELECT 1 FROM refresh_token r WHERE r.grant_id = g.grant_id)
        """;

    /// <summary>One round: a short transaction for each table. True where one of them had as many as are deleted at once, so that there may be more.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        bool isMore = false;
        DateTimeOffset now = timeProvider.GetUtcNow();
        foreach ((string sql, TimeSpan kept) in Steps)
        {
            var limits = new { before = StoredTime.Of(now - kept), limit = (long)Limit };
            // One node at a time: two would wait for each other's rows.
            isMore |= await database.WriteAsync(async session => await database.TryLockPurgeAsync(session) ? await session.ExecuteAsync(sql, limits) : 0, static _ => true, cancellationToken) >= Limit;
        }
        return isMore;
    }
}
