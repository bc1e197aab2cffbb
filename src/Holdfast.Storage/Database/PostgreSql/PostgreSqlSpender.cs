using System.Diagnostics;
using System.Threading.Channels;
using Holdfast.Issuer;
using Holdfast.Registry;
using Npgsql;
using NpgsqlTypes;

namespace Holdfast.Storage;

/// <summary>
/// Sends the spendings that wait in one statement, because a statement that is forced to the disk costs many times what a row costs. Two of these send at once, so that one
/// group forms while the other is under way.
/// </summary>
internal sealed class PostgreSqlSpender : IAsyncDisposable
{
    private const int Senders = 2;
    /// <summary>Past some hundreds a bigger group is no cheaper for each, and all of them wait for the last.</summary>
    private const int MaxGroup = 256;

    // What the rows are compared with is read by the same statement, so by the same snapshot: a group is of one moment. Sorted keys, so that two groups wait for each other in one order.
    private const string Statement = """
        WITH here AS MATERIALIZED (
          SELECT h.log_id, h.restored_at, (SELECT value FROM counter WHERE name = 'registry') AS revision, (SELECT beat FROM pulse WHERE id = $6) AS beat
          FROM history h ORDER BY h.number DESC LIMIT 1
        ), spent AS (
          INSERT INTO assertion (key, expires_at)
          SELECT a.key, a.expires_at FROM unnest($1, $2, $3, $4, $5) AS a(key, expires_at, log_id, revision, issued_at)
          JOIN here ON here.log_id = a.log_id AND here.revision = a.revision AND (here.restored_at IS NULL OR a.issued_at >= here.restored_at + $8) AND ($7 = 0 OR here.beat >= $7)
          ORDER BY a.key ON CONFLICT DO NOTHING RETURNING key
        )
        SELECT here.log_id, here.restored_at, here.revision, here.beat, ARRAY(SELECT key FROM spent) FROM here
        """;

    private readonly NpgsqlDataSource _database;
    private readonly Pulse? _pulse;
    private readonly DatabaseHealth _health;
    private readonly TimeSpan _deadline;
    private readonly Channel<WaitingSpend> _waiting;
    private readonly Task[] _working;

    public PostgreSqlSpender(NpgsqlDataSource database, Pulse? pulse, DatabaseHealth health, HoldfastStorageOptions options)
    {
        (_database, _pulse, _health, _deadline) = (database, pulse, health, options.Deadline);
        _waiting = Channel.CreateBounded<WaitingSpend>(new BoundedChannelOptions(options.QueueCapacity) { FullMode = BoundedChannelFullMode.Wait });
        _working = [.. Enumerable.Range(0, Senders).Select(_ => Task.Run(WorkAsync))];
    }

    public Task<StoreAnswer> SpendAsync(Spending spending, CancellationToken cancellationToken)
    {
        var waiting = new WaitingSpend(spending, cancellationToken);
        return _waiting.Writer.TryWrite(waiting) ? waiting.Task.WaitAsync(cancellationToken)
            : Task.FromException<StoreAnswer>(new StateUnavailableException("Too many spendings wait for the database."));
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await Task.WhenAll(_working);
    }

    private async Task WorkAsync()
    {
        List<WaitingSpend> group = new(MaxGroup);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            await Task.Yield();
            while (group.Count < MaxGroup && _waiting.Reader.TryRead(out WaitingSpend? waiting))
            {
                if (waiting.IsWanted && waiting.Age < _deadline)
                    group.Add(waiting);
                else
                    waiting.Fail(new StateUnavailableException("The database does not answer: no answer in time."));
            }
            if (group.Count > 0)
                await SendAsync(group);
            group.Clear();
        }
    }

    private async Task SendAsync(List<WaitingSpend> group)
    {
        long asked = Stopwatch.GetTimestamp();
        try
        {
            // One deadline for all: that of the one that has waited longest.
            using var patience = new CancellationTokenSource(_deadline - group.Max(static waiting => waiting.Age) is { Ticks: > 0 } left ? left : TimeSpan.Zero);
            // AT-94: of equal ones in a group one is sent, the first.
            List<WaitingSpend> sent = [.. group.Where(static waiting => waiting.Key is not null).DistinctBy(static waiting => Convert.ToHexString(waiting.Key!), StringComparer.Ordinal)
                .OrderBy(static waiting => waiting.Key!, ByteOrder.Instance)];
            (Here here, HashSet<string> spent) = await AskAsync(sent, patience.Token);
            _health.Answered(asked);
            HashSet<WaitingSpend> first = [.. sent];
            foreach (WaitingSpend waiting in group)
                waiting.Answer(Judge(waiting, here, first.Contains(waiting) && spent.Contains(Convert.ToHexString(waiting.Key!))));
        }
#pragma warning disable CA1031 // Whatever goes wrong is a fault of the database; let out, it would end the sender, and every later request would wait for ever.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            // The answer was lost: whether they were spent nobody knows, so nothing is issued for them.
            Exception unavailable = StateFault.Of(fault, _health);
            foreach (WaitingSpend waiting in group)
                waiting.Fail(unavailable);
        }
    }

    private static StoreAnswer Judge(WaitingSpend waiting, Here here, bool isSpent)
    {
        StoreAnswer judged = Admission.Judge(here, waiting.Spending);
        if (judged != StoreAnswer.Done || waiting.Key is null)
            return judged;
        return isSpent ? StoreAnswer.Done : StoreAnswer.AssertionReplayed;
    }

    private async Task<(Here Here, HashSet<string> Spent)> AskAsync(List<WaitingSpend> sent, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await _database.OpenConnectionAsync(cancellationToken);
        // Once, for the statement and for what is made of its answer: it may be raised while that is on its way.
        long lastPulse = _pulse?.Last ?? 0;
        await using var command = new NpgsqlCommand(Statement, connection);
        Spending[] spendings = [.. sent.Select(static waiting => waiting.Spending)];
        command.Parameters.Add(new NpgsqlParameter<byte[][]> { TypedValue = [.. sent.Select(static waiting => waiting.Key!)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. spendings.Select(static spending => StoredTime.Of(spending.Assertion!.Value.ExpiresAt))] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. spendings.Select(static spending => StoredText.Of(spending.Decided.LogId ?? ""))] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. spendings.Select(static spending => spending.Decided.Revision)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. spendings.Select(static spending => StoredTime.Of(spending.Assertion!.Value.IssuedAt))] });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)_pulse?.Id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = lastPulse });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (long)Here.ClockTolerance.TotalMilliseconds });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            throw new InvalidDataException("The database has no line of history.");
        var here = new Here
        {
            LogId = reader.GetString(0),
            RestoredAt = await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetInt64(1),
            Revision = reader.GetInt64(2),
            Beat = await reader.IsDBNullAsync(3, cancellationToken) ? null : reader.GetInt64(3),
        };
        return (here.Required(_pulse, lastPulse), (await reader.GetFieldValueAsync<byte[][]>(4, cancellationToken)).Select(Convert.ToHexString).ToHashSet(StringComparer.Ordinal));
    }

    private sealed class ByteOrder : IComparer<byte[]>
    {
        public static readonly ByteOrder Instance = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
