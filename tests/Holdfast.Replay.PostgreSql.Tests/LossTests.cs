using Holdfast.Testing;

namespace Holdfast.Replay.PostgreSql.Tests;

/// <summary>The database is lost, and comes back with or without the records.</summary>
public sealed class LossTests : IAsyncLifetime
{
    private PostgresServer _server = null!;

    public async Task InitializeAsync()
    {
        if (PostgresPrograms.Missing is null)
            _server = await PostgresServer.StartNewAsync();
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    // DPOP-V-32
    [PostgresFact]
    public async Task Refuses_while_the_database_is_down_and_works_again_by_itself()
    {
        await using Node node = await Node.StartedAsync(_server.ConnectionString);
        ReplayRecord record = node.WithNonce(1);
        await node.AddAsync(record);

        await _server.StopAsync(PostgresStop.Fast);
        (await node.AddAsync(node.WithNonce(2))).ShouldBe(ReplayResult.Unavailable);
        await node.UnavailableAsync();
        (await node.AddAsync(record)).ShouldBe(ReplayResult.Unavailable);
        node.Store.WhyNotReady.ShouldNotBeNull();
        node.Nonces.AreDemanded.ShouldBeFalse();
        await Eventually.IsSoAsync(() => node.Log.Lines.Any(line => line.Id == 2), () => "The loss is not told.");

        // A clean stop keeps records and epoch.
        long epoch = await EpochAfterStartAsync(node);
        record.Anchor.NonceEpoch.ShouldBe(epoch);
        (await node.AddAsync(record)).ShouldBe(ReplayResult.Replayed);
        (await node.AddAsync(node.WithNonce(3))).ShouldBe(ReplayResult.Added);
        node.Store.WhyNotReady.ShouldBeNull();
    }

    // DPOP-V-27, DPOP-V-28: with the records went the epoch, and nothing from before it is believed.
    [PostgresTheory]
    [InlineData("immediate")]
    [InlineData("killed backend")]
    [InlineData("promotion")]
    public async Task What_was_accepted_before_the_records_were_lost_is_not_accepted_after(string how)
    {
        await using PostgresServer? standby = how == "promotion" ? await _server.CreateStandbyAsync() : null;
        string database = standby is null ? _server.ConnectionString : PostgresServer.ConnectionStringOf("postgres", _server.Port, standby.Port);
        await using Node node = await Node.StartedAsync(database);
        await using Node other = await Node.StartedAsync(database);
        long epoch = node.Store.Epoch!.Value;
        await _server.ExecuteAsync("UPDATE holdfast_replay.epoch SET fence = 0");
        string nonce = node.Nonces.Current!;
        ReplayRecord vouched = node.WithNonce(1), plain = node.Record(2, secondsAgo: 5), ahead = node.Record(3, secondsAgo: -9.9);
        foreach (ReplayRecord record in (ReplayRecord[])[vouched, plain, ahead])
            (await node.AddAsync(record)).ShouldBe(ReplayResult.Added);

        switch (how)
        {
            case "immediate":
                await _server.StopAsync(PostgresStop.Immediate);
                await _server.StartAsync();
                break;
            case "killed backend":
                await _server.KillBackendAsync();
                break;
            default:
                await _server.CaughtUpAsync(standby!);
                await _server.StopAsync(PostgresStop.Immediate);
                await standby!.PromoteAsync();
                break;
        }
        await Eventually.IsSoAsync(() => node.Store.Epoch is { } now && now != epoch && other.Store.Epoch == now, () => $"No new epoch: {node.Store.WhyNotReady}");

        foreach (Node asked in (Node[])[node, other])
        {
            // The nonce vouched for a time whose records are gone, whether it was judged before the loss or is presented now.
            (await asked.AddAsync(vouched)).ShouldBe(ReplayResult.Fenced);
            asked.Nonces.Check(nonce, out _).ShouldBe(NonceStatus.Unknown);
            (await asked.AddAsync(plain)).ShouldBe(ReplayResult.Fenced);
            (await asked.AddAsync(ahead)).ShouldBe(ReplayResult.Fenced);
            (await asked.AddAsync(asked.Record(4))).ShouldBe(ReplayResult.Fenced);
        }
        ReplayRecord fresh = node.WithNonce(5);
        (await node.AddAsync(fresh)).ShouldBe(ReplayResult.Added);
        (await other.AddAsync(fresh)).ShouldBe(ReplayResult.Replayed);
    }

    // DPOP-V-32: an answer that was lost is no replay; the caller may try again with another proof.
    [PostgresFact]
    public async Task An_answer_that_does_not_come_in_time_is_a_refusal_and_no_replay()
    {
        await using Node node = await Node.StartedAsync(_server.ConnectionString, options => options.Deadline = TimeSpan.FromMilliseconds(300));
        ReplayRecord[] records = [.. Enumerable.Range(1, 40).Select(i => node.WithNonce((UInt128)i))];
        await _server.PauseAsync();

        ReplayResult[] answers = await Task.WhenAll(records.Select(node.AddAsync));
        answers.ShouldAllBe(answer => answer == ReplayResult.Unavailable);
        await node.UnavailableAsync();

        await _server.ResumeAsync();
        await node.AvailableAsync();
        foreach (ReplayRecord record in records)
            (await node.AddAsync(record)).ShouldBeOneOf(ReplayResult.Added, ReplayResult.Replayed);
        foreach (ReplayRecord record in records)
            (await node.AddAsync(record)).ShouldBe(ReplayResult.Replayed);
    }

    // DPOP-V-32
    [PostgresFact]
    public async Task A_node_that_may_go_on_alone_takes_proofs_with_nonces_of_its_own_once()
    {
        static void Alone(PostgreSqlReplayOptions options) => options.WhenUnavailable = ReplayLoss.Nonce;
        await using Node node = await Node.StartedAsync(_server.ConnectionString, Alone);
        await using Node other = await Node.StartedAsync(_server.ConnectionString, Alone);
        string shared = node.Nonces.Current!;
        ReplayRecord before = node.WithNonce(1, shared), plain = node.Record(2);
        await node.AddAsync(before);

        await _server.StopAsync(PostgresStop.Fast);
        // Whoever asked as it went down is challenged as well.
        (await node.AddAsync(plain)).ShouldBeOneOf(ReplayResult.Fenced, ReplayResult.Unavailable);
        await node.UnavailableAsync();
        await other.UnavailableAsync();

        node.Nonces.AreDemanded.ShouldBeTrue();
        (await node.AddAsync(before)).ShouldBe(ReplayResult.Fenced);
        (await node.AddAsync(plain)).ShouldBe(ReplayResult.Fenced);
        node.Nonces.Check(shared, out _).ShouldBe(NonceStatus.Stale);
        string own = node.Nonces.Current!;
        own.ShouldNotBe(shared);
        other.Nonces.Check(own, out _).ShouldBe(NonceStatus.Unknown);
        ReplayRecord record = node.WithNonce(3, own);
        (await node.AddAsync(record)).ShouldBe(ReplayResult.Added);
        (await node.AddAsync(record)).ShouldBe(ReplayResult.Replayed);

        await _server.StartAsync();
        await node.AvailableAsync();
        await other.AvailableAsync();
        node.Nonces.AreDemanded.ShouldBeFalse();
        // Its own nonces are still good here, for what they are, and a shared one is offered with the answer.
        node.Nonces.Check(own, out FreshnessAnchor anchor).ShouldBe(NonceStatus.Previous);
        anchor.NonceEpoch.ShouldBe(node.Store.OwnEpoch);
        node.Nonces.Current.ShouldBe(other.Nonces.Current);
        other.Nonces.Check(own, out _).ShouldBe(NonceStatus.Unknown);
        (await node.AddAsync(record)).ShouldBe(ReplayResult.Replayed);
        (await node.AddAsync(node.WithNonce(4, own))).ShouldBe(ReplayResult.Added);
        (await node.AddAsync(before)).ShouldBe(ReplayResult.Replayed);
    }

    // DPOP-V-32: nobody who is to refuse gives out nonces that would let a proof in by another way.
    [PostgresFact]
    public async Task A_node_that_never_reached_its_database_offers_no_nonce_and_accepts_nothing()
    {
        await _server.StopAsync(PostgresStop.Fast);
        await using Node node = Node.Start(_server.ConnectionString);
        await Eventually.IsSoAsync(() => node.Log.Lines.Count > 0, () => "It says nothing.");

        node.Nonces.Current.ShouldBeNull();
        node.Nonces.Check("anything", out _).ShouldBe(NonceStatus.Unknown);
        (await node.AddAsync(node.Record(1))).ShouldBe(ReplayResult.Unavailable);
        (await node.AddAsync(new(new(2), 7, new(node.Clock.Now, FromNonce: true, node.Store.OwnEpoch)))).ShouldNotBe(ReplayResult.Added);
        node.Log.Lines.ShouldAllBe(line => line.Id == 3);
    }

    private async Task<long> EpochAfterStartAsync(Node node)
    {
        await _server.StartAsync();
        await node.AvailableAsync();
        return node.Store.Epoch!.Value;
    }
}
