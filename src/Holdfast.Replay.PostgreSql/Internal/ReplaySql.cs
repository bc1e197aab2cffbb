namespace Holdfast.Replay.PostgreSql.Internal;

/// <summary>Every statement, for one schema. All of them go by the database's time, which only the function <c>clock()</c> tells.</summary>
internal sealed class ReplaySql(string name)
{
    // Quoted, because a name may be a word of the language; it holds nothing that could end the quotes.
    private readonly string _schema = $"\"{name}\"";

    /// <summary>The lock under which tables, epochs and keys are made: one node at a time.</summary>
    public string Lock => $"SELECT pg_advisory_xact_lock(hashtext('holdfast replay'), hashtext('{name}'))";

    /// <summary>The same, without waiting for it.</summary>
    public string TryLock => $"SELECT pg_try_advisory_xact_lock(hashtext('holdfast replay'), hashtext('{name}'))";

    /// <summary>True where the tables are there.</summary>
    public string Exists => $"SELECT to_regclass('{_schema}.nonce_key') IS NOT NULL";

    /// <summary>
    /// The tables. Unlogged ones are emptied together when the database crashes or a replica takes over, and with them the epoch: what vouches for the
    /// records cannot outlive them. Nothing in them needs a backup, and a dump must not bring them back. Only the time at which an epoch was last in use is kept.
    /// </summary>
    public string Create => $"""
        CREATE SCHEMA IF NOT EXISTS {_schema};
        CREATE OR REPLACE FUNCTION {_schema}.clock() RETURNS bigint LANGUAGE sql VOLATILE
          AS 'SELECT (extract(epoch FROM clock_timestamp()) * 10000000)::bigint + {DateTime.UnixEpoch.Ticks}';
        CREATE TABLE IF NOT EXISTS {_schema}.record (place smallint NOT NULL, key uuid NOT NULL, PRIMARY KEY (place, key)) PARTITION BY LIST (place);
        {string.Join('\n', Enumerable.Range(0, ReplayTime.Buckets).Select(place => $"CREATE UNLOGGED TABLE IF NOT EXISTS {Record(place)} PARTITION OF {_schema}.record FOR VALUES IN ({place}) WITH (autovacuum_enabled = off);"))}
        CREATE UNLOGGED TABLE IF NOT EXISTS {_schema}.bucket (place smallint PRIMARY KEY, slot bigint NOT NULL);
        CREATE UNLOGGED TABLE IF NOT EXISTS {_schema}.epoch
          (one boolean PRIMARY KEY DEFAULT true CHECK (one), id bigint NOT NULL, made_in oid NOT NULL, made_for oid NOT NULL, fence bigint NOT NULL);
        CREATE TABLE IF NOT EXISTS {_schema}.seen (one boolean PRIMARY KEY DEFAULT true CHECK (one), at bigint NOT NULL);
        CREATE UNLOGGED TABLE IF NOT EXISTS {_schema}.nonce_key (first_generation bigint PRIMARY KEY, key bytea NOT NULL);
        """;

    /// <summary>One row: the database's time, when an epoch was last in use, and where one is in force its id, its fence, the slots of its buckets by place, its nonce keys by
    /// generation. An epoch that was brought back from a dump or with a copy of the database names the table and the database it was made in, which are others, and is none.</summary>
    public string Read => $"""
        SELECT {_schema}.clock(), (SELECT at FROM {_schema}.seen), e.id, e.fence, (SELECT array_agg(slot ORDER BY place) FROM {_schema}.bucket),
          (SELECT array_agg(first_generation ORDER BY first_generation) FROM {_schema}.nonce_key), (SELECT array_agg(key ORDER BY first_generation) FROM {_schema}.nonce_key)
        FROM (SELECT true AS one) AS always LEFT JOIN {_schema}.epoch e ON e.one = always.one AND e.made_in = e.tableoid AND e.made_for = {Database}
        """;

    /// <summary>A new epoch, with empty tables: its fence is counted from the database's time, or where that went back from the latest it has told, and its nonces are
    /// made with one key from a generation on. Under the lock.</summary>
    public IEnumerable<(string Statement, object[] Values)> Begin(long epoch, long fence, long generation) =>
    [
        ($"TRUNCATE {_schema}.record, {_schema}.bucket, {_schema}.epoch, {_schema}.nonce_key", []),
        ($"""
        INSERT INTO {_schema}.bucket SELECT place, {Slot("place", "now.slot")}
        FROM generate_series(0, {ReplayTime.Buckets - 1}) AS place, (SELECT {_schema}.clock() / {ReplayTime.Bucket} AS slot) AS now
        """, []),
        ($"INSERT INTO {_schema}.nonce_key VALUES ($1, {NonceKey})", [generation]),
        ($"""
        INSERT INTO {_schema}.epoch (id, made_in, made_for, fence)
        SELECT $1, '{_schema}.epoch'::regclass, {Database}, greatest({_schema}.clock(), (SELECT at FROM {_schema}.seen) + {ReplayTime.SeenInterval}) + $2
        """, [epoch, fence]),
        (See, []),
    ];

    /// <summary>Writes down that an epoch is in use now, unless that was done a moment ago.</summary>
    public string See => $"""
        INSERT INTO {_schema}.seen (at) VALUES ({_schema}.clock())
        ON CONFLICT (one) DO UPDATE SET at = excluded.at WHERE seen.at <= excluded.at - {ReplayTime.SeenInterval}
        """;

    /// <summary>The bucket at <paramref name="place"/> is given to a slot to come, where the one that it holds ended long ago; $1 is the node's time. The table is emptied in the same
    /// transaction, and only if this says so.</summary>
    public string Turn(int place) => $"""
        UPDATE {_schema}.bucket SET slot = {Slot(place.ToString(System.Globalization.CultureInfo.InvariantCulture), "now.slot")}
        FROM (SELECT clock, clock / {ReplayTime.Bucket} AS slot FROM (SELECT {_schema}.clock() AS clock) AS time) AS now
        WHERE place = {place} AND (bucket.slot + 1) * {ReplayTime.Bucket} + {ReplayTime.Margin} <= now.clock AND abs(now.clock - $1) <= {ReplayTime.ClockTolerance}
        RETURNING true
        """;

    /// <summary>Empties what <see cref="Turn"/> has given to a new slot.</summary>
    public string Empty(int place) => $"TRUNCATE {Record(place)}";

    /// <summary>A new nonce key for the generations from $1 on, unless there is a newer one than that from $2 on.</summary>
    public string AddNonceKey => $"INSERT INTO {_schema}.nonce_key SELECT $1, {NonceKey} WHERE NOT EXISTS (SELECT FROM {_schema}.nonce_key WHERE first_generation > $2) ON CONFLICT DO NOTHING";

    /// <summary>Drops the nonce keys whose successor is no younger than the oldest generation alive, $1.</summary>
    public string DropNonceKeys => $"DELETE FROM {_schema}.nonce_key WHERE first_generation < (SELECT max(first_generation) FROM {_schema}.nonce_key WHERE first_generation <= $1)";

    /// <summary>
    /// Files a group of distinct proofs: $1 keys, $2 expiries, $3 whether a nonce of this epoch vouches for each, $4 whether there is room for it, $5 the epoch, $6 the node's time.
    /// One row with the answers (the numbers of <see cref="ReplayResult"/>) in their order; null where the epoch is over or the clocks differ too much.
    /// </summary>
    /// <remarks>
    /// A record is looked for in the other live bucket too, because the same jti may come with another iat.
    /// The sub-selects are scalar, so that they stay look-ups by the index and never become a join over a whole table; that with IN is hashed, and a join in its place
    /// would compare each with each. The time is asked again after the insertion: a record that is added before its end went into a bucket
    /// that was not emptied yet.
    /// </remarks>
    public string Add => $"""
        WITH live AS MATERIALIZED (
          SELECT e.fence, t.now, t.now / {ReplayTime.Bucket} AS slot FROM (SELECT {_schema}.clock() AS now) AS t, {_schema}.epoch e
          WHERE e.id = $5 AND e.made_in = e.tableoid AND abs(t.now - $6) <= {ReplayTime.ClockTolerance}
        ), asked AS MATERIALIZED (
          SELECT a.i, a.key, a.expiry, a.room, b.place, ((2 * l.slot + 1 - b.slot) % {ReplayTime.Buckets})::smallint AS other,
            b.slot = a.expiry / {ReplayTime.Bucket} AND a.expiry > l.now AND a.expiry - {ReplayTime.Life} - l.now <= {ReplayTime.Ahead} AND (a.vouched OR a.expiry - {ReplayTime.Life} > l.fence) AS acceptable
          FROM live l CROSS JOIN unnest($1, $2, $3, $4) WITH ORDINALITY AS a(key, expiry, vouched, room, i)
          JOIN {_schema}.bucket b ON b.place = a.expiry / {ReplayTime.Bucket} % {ReplayTime.Buckets}
        ), added AS (
          INSERT INTO {_schema}.record (place, key)
          SELECT place, key FROM asked WHERE acceptable AND room AND (SELECT true FROM {_schema}.record r WHERE r.place = asked.other AND r.key = asked.key) IS NULL
          ORDER BY place, key ON CONFLICT DO NOTHING RETURNING key
        )
        SELECT array_agg(CASE
            WHEN is_added AND expiry > {_schema}.clock() THEN {(int)ReplayResult.Added}
            WHEN is_added OR NOT acceptable THEN {(int)ReplayResult.Fenced}
            WHEN room THEN {(int)ReplayResult.Replayed}
            WHEN (SELECT true FROM {_schema}.record r WHERE r.place = judged.place AND r.key = judged.key) OR (SELECT true FROM {_schema}.record r WHERE r.place = judged.other AND r.key = judged.key)
              THEN {(int)ReplayResult.Replayed}
            ELSE {(int)ReplayResult.Full} END ORDER BY i)
        FROM (SELECT *, key IN (SELECT key FROM added) AS is_added FROM asked OFFSET 0) AS judged
        """;

    // 244 random bits in 32 bytes. Made by the database, so that no key stands in its log of statements.
    private const string NonceKey = "uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())";

    private const string Database = "(SELECT oid FROM pg_database WHERE datname = current_database())";

    private string Record(int place) => $"{_schema}.record_{place}";

    // The first slot from the present one on that belongs to the place.
    private static string Slot(string place, string now) => $"{now} + ({place} - {now} % {ReplayTime.Buckets} + {ReplayTime.Buckets}) % {ReplayTime.Buckets}";
}
