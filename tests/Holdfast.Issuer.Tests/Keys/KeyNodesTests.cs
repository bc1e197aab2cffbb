using Holdfast.Registry;
using Holdfast.Storage;
using Holdfast.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Issuer.Tests.Keys;

/// <summary>Several processes over one PostgreSQL and one key ring.</summary>
public class KeyNodesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Rotation = TimeSpan.FromDays(30);
    private static readonly TimeSpan Staging = TimeSpan.FromDays(1);

    // LIFE-04, LIFE-06: nobody signs with a key that another one does not know.
    [PostgresFact]
    public async Task Sign_with_one_key_when_they_start_at_once()
    {
        await using Nodes nodes = await Nodes.StartAsync(postgres, 4);
        string[] signers = await Task.WhenAll(nodes.All.Select(node => node.SignerAsync()));
        signers.Distinct().ShouldHaveSingleItem();
        (await nodes.All[0].KeyAsync(IssuerKeyState.Active)).Kid.ShouldBe(signers[0]);
        foreach (IssuerHost node in nodes.All)
        {
            node.LetSnapshotAge();
            (await node.PublishedAsync()).ShouldBe([signers[0]]);
        }
    }

    // LIFE-05: each step is taken once.
    [PostgresFact]
    public async Task Rotate_once()
    {
        await using Nodes nodes = await Nodes.StartAsync(postgres, 2);
        string first = await nodes.All[0].SignerAsync();
        nodes.All[0].Clock.Advance(Rotation - Staging);
        await nodes.AllAtOnceAsync(node => node.KeysAsync());
        string next = (await nodes.All[0].KeyAsync(IssuerKeyState.Staged)).Kid;
        nodes.All[0].Clock.Advance(Staging);
        await nodes.AllAtOnceAsync(node => node.KeysAsync());
        foreach (IssuerHost node in nodes.All)
        {
            (await node.KeyAsync(IssuerKeyState.Active)).Kid.ShouldBe(next);
            (await node.KeyAsync(IssuerKeyState.Retiring)).Kid.ShouldBe(first);
            (await node.SignerAsync()).ShouldBe(next);
            (await node.PublishedAsync()).Order().ShouldBe(new[] { first, next }.Order());
        }
    }

    // LIFE-05: an operator at each node, at the same moment.
    [PostgresFact]
    public async Task Make_one_key_where_all_are_asked_to_rotate()
    {
        await using Nodes nodes = await Nodes.StartAsync(postgres, 2);
        IssuerKeyResult[] results = await nodes.AllAtOnceAsync(node => node.Admin().RotateAsync(KeyHost.Operator, CancellationToken.None).AsTask());
        string made = results.Where(result => result.Answer == IssuerKeyAnswer.Done).ShouldHaveSingleItem().Key!.Kid;
        results.Count(result => result.Answer == IssuerKeyAnswer.Refused).ShouldBe(results.Length - 1);
        (await nodes.All[1].KeyAsync(IssuerKeyState.Staged)).Kid.ShouldBe(made);
    }

    // LIFE-09: at the next request, not at the next second: what is decided by the old keys cannot be written any more.
    [PostgresFact]
    public async Task Sign_nothing_with_a_key_that_was_revoked_at_another()
    {
        await using Nodes nodes = await Nodes.StartAsync(postgres, 2);
        string stolen = await nodes.All[1].SignerAsync();
        (await nodes.All[0].RetireAsync(stolen, immediately: true)).Answer.ShouldBe(IssuerKeyAnswer.Done);
        string next = await nodes.All[1].SignerAsync();
        next.ShouldNotBe(stolen);
        nodes.All[1].LetSnapshotAge();
        (await nodes.All[1].PublishedAsync()).ShouldBe([next]);
        (await nodes.All[0].SignerAsync()).ShouldBe(next);
    }

    // A process that ends in the middle of a step has taken it, or has not; the others carry on either way.
    [PostgresTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Carry_on_where_one_ended_in_the_middle_of_a_step(bool isWritten)
    {
        await using Nodes nodes = await Nodes.StartAsync(postgres, 1);
        IssuerHost node = nodes.All[0];
        string first = await node.SignerAsync();
        node.Clock.Advance(Rotation - Staging);
        await nodes.EndOneAsync(isWritten);
        string next = (await node.KeyAsync(IssuerKeyState.Staged)).Kid;
        node.Clock.Advance(Staging);
        await nodes.EndOneAsync(isWritten);
        (await node.KeyAsync(IssuerKeyState.Active)).Kid.ShouldBe(next);
        (await node.SignerAsync()).ShouldBe(next);
        node.Clock.Advance(TimeSpan.FromMinutes(65));
        await nodes.EndOneAsync(isWritten);
        (await node.KeyAsync(IssuerKeyState.Retired)).Kid.ShouldBe(first);
        (await node.PublishedAsync()).ShouldBe([next]);
    }

    // LIFE-14: a node with a key ring of its own would make tokens of its own; it does not start.
    [PostgresFact]
    public async Task Share_their_key_ring_or_do_not_start()
    {
        await using Nodes nodes = await Nodes.StartAsync(postgres, 1);
        using var elsewhere = new TemporaryFolder();
        (await Should.ThrowAsync<IssuerStartupException>(() => nodes.StartOneAsync(options => options.Keys.KeyRingDirectory = elsewhere.At("ring")))).Message.ShouldContain(elsewhere.At("ring"));
    }

    private sealed class Nodes : IAsyncDisposable
    {
        public required IssuerHost Origin { get; init; }
        public required string Database { get; init; }
        public required IReadOnlyList<IssuerHost> All { get; set; }

        public static async Task<Nodes> StartAsync(PostgresFixture postgres, int count)
        {
            IssuerHost origin = await IssuerHost.StartAsync();
            await origin.StopAsync();
            Directory.Delete(origin.Directory, recursive: true);
            var nodes = new Nodes { Origin = origin, Database = await postgres.CreateDatabaseAsync(), All = [] };
            nodes.All = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(() => nodes.StartOneAsync())));
            return nodes;
        }

        public Task<IssuerHost> StartOneAsync(Action<HoldfastIssuerOptions>? configure = null, Action<IServiceCollection>? services = null) =>
            IssuerHost.StartAsync(configure, Origin, collection =>
            {
                collection.Configure<HoldfastStorageOptions>(options => options.PostgreSql = Database);
                services?.Invoke(collection);
            });

        /// <summary>A process that comes to take a step, and gets no answer.</summary>
        public async Task EndOneAsync(bool isWritten) =>
            await Should.ThrowAsync<IssuerStartupException>(() => StartOneAsync(services: services => LosingAnswers.Of(services, isWritten)));

        public async Task<T[]> AllAtOnceAsync<T>(Func<IssuerHost, Task<T>> ask) =>
            await Task.WhenAll(All.SelectMany(node => Enumerable.Repeat(node, 4)).Select(node => Task.Run(() => ask(node))));

        public async ValueTask DisposeAsync()
        {
            foreach (IssuerHost node in All)
                await node.DisposeAsync();
            await Origin.DisposeAsync();
        }
    }
}
