using Holdfast.Testing;

namespace Holdfast.Replay.PostgreSql.Tests;

/// <summary>What nodes have in common while all is well.</summary>
public sealed class SharedTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    // DPOP-V-29
    [PostgresFact]
    public async Task A_proof_that_one_node_accepted_is_a_replay_at_every_other()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using Node one = await Node.StartedAsync(database);
        await using Node other = await Node.StartedAsync(database);
        ReplayRecord record = one.WithNonce(1);

        (await one.AddAsync(record)).ShouldBe(ReplayResult.Added);
        (await other.AddAsync(record)).ShouldBe(ReplayResult.Replayed);
        (await one.AddAsync(record)).ShouldBe(ReplayResult.Replayed);
    }

    // DPOP-V-29
    [PostgresFact]
    public async Task Of_identical_proofs_that_race_at_three_nodes_exactly_one_is_added()
    {
        const int rounds = 50;
        string database = await postgres.CreateDatabaseAsync();
        await using Node first = await Node.StartedAsync(database, options => options.Connections = 2);
        await using Node second = await Node.StartedAsync(database, options => options.Connections = 2);
        await using Node third = await Node.StartedAsync(database, options => options.Connections = 2);
        Node[] nodes = [first, second, third];

        for (int round = 0; round < rounds; round++)
        {
            // Many keys in crossed order, so that groups of different nodes meet in several of them.
            ReplayRecord[] records = [.. Enumerable.Range(0, 16).Select(i => first.WithNonce((UInt128)((round * 16) + i) << 64))];
            ReplayResult[][] answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(racer => Task.Run(async () =>
            {
                ReplayRecord[] mine = racer % 2 == 0 ? records : [.. records.Reverse()];
                ReplayResult[] results = await Task.WhenAll(mine.Select(nodes[racer % 3].AddAsync));
                return racer % 2 == 0 ? results : [.. results.Reverse()];
            })));

            for (int i = 0; i < records.Length; i++)
            {
                answers.Count(answer => answer[i] == ReplayResult.Added).ShouldBe(1, $"round {round}, proof {i}");
                answers.Count(answer => answer[i] == ReplayResult.Replayed).ShouldBe(11, $"round {round}, proof {i}");
            }
        }
    }

    // DPOP-AS-29
    [PostgresFact]
    public async Task A_nonce_of_one_node_is_good_at_every_other_and_in_its_role_only()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using Node one = await Node.StartedAsync(database);
        await using Node other = await Node.StartedAsync(database);
        string nonce = one.Nonces.Current!;

        other.Nonces.Check(nonce, out FreshnessAnchor anchor).ShouldBe(NonceStatus.Current);
        anchor.NonceEpoch.ShouldBe(one.Store.Epoch!.Value);
        one.Nonces.AreDemanded.ShouldBeFalse();
        new Internal.PostgreSqlReplayNonces(other.Store, VerifierRole.AuthorizationServer, other.Clock).Check(nonce, out _).ShouldBe(NonceStatus.Unknown);
    }

    [PostgresFact]
    public async Task Nodes_that_start_at_once_agree_on_one_epoch()
    {
        string database = await postgres.CreateDatabaseAsync();
        Node[] nodes = [.. Enumerable.Range(0, 6).Select(_ => Node.Start(database))];
        foreach (Node node in nodes)
            await node.AvailableAsync();

        nodes.Select(node => node.Store.Epoch).Distinct().ShouldHaveSingleItem();
        nodes.Select(node => node.Nonces.Current).Distinct().ShouldHaveSingleItem();
        foreach (Node node in nodes)
            await node.DisposeAsync();
    }

    [PostgresFact]
    public async Task Another_schema_is_another_memory()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using Node one = await Node.StartedAsync(database);
        await using Node other = await Node.StartedAsync(database, options => options.Schema = "another_1");

        other.Nonces.Check(one.Nonces.Current, out _).ShouldBe(NonceStatus.Unknown);
        other.Store.Epoch.ShouldNotBe(one.Store.Epoch);
    }

    // Whoever is refused at once leaves room for those who wait.
    [PostgresFact]
    public async Task Refuses_at_once_what_the_queue_has_no_room_for_and_never_calls_it_a_replay()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using Node node = await Node.StartedAsync(database, options => options.QueueCapacity = 1);

        ReplayResult[] answers = await Task.WhenAll(Enumerable.Range(1, 2_000).Select(i => Task.Run(() => node.AddAsync(node.WithNonce((UInt128)i)))));

        answers.ShouldAllBe(answer => answer == ReplayResult.Added || answer == ReplayResult.Unavailable);
        answers.ShouldContain(ReplayResult.Added);
        answers.ShouldContain(ReplayResult.Unavailable);
    }

    [PostgresFact]
    public async Task Refuses_what_comes_after_the_end()
    {
        Node node = await Node.StartedAsync(await postgres.CreateDatabaseAsync());
        ReplayRecord record = node.WithNonce(1);
        await node.DisposeAsync();

        (await node.AddAsync(record)).ShouldBe(ReplayResult.Unavailable);
        node.Store.WhyNotReady.ShouldNotBeNull();
    }
}
