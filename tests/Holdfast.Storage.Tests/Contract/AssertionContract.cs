using Holdfast.Issuer;
using Holdfast.Registry;

namespace Holdfast.Storage.Tests;

/// <summary>Assertions are spent once.</summary>
public abstract class AssertionContract : StoreContract
{
    // AT-94, RFC 7523 §3
    [Fact]
    public async Task Spends_an_assertion_once()
    {
        (await Issuer.SpendAsync(await SpendingAsync("a"), default)).ShouldBe(StoreAnswer.Done);
        (await Issuer.SpendAsync(await SpendingAsync("a"), default)).ShouldBe(StoreAnswer.AssertionReplayed);
    }

    // RFC 7523 §3: identifiers are those of their issuer, which is the client.
    [Fact]
    public async Task Keeps_the_assertions_of_two_clients_apart()
    {
        (await Issuer.SpendAsync(await SpendingAsync("c", "ab"), default)).ShouldBe(StoreAnswer.Done);
        (await Issuer.SpendAsync(await SpendingAsync("bc", "a"), default)).ShouldBe(StoreAnswer.Done);
        (await Issuer.SpendAsync(await SpendingAsync("", "abc"), default)).ShouldBe(StoreAnswer.Done);
    }

    // AT-94
    [Fact]
    public async Task Remembers_an_assertion_in_another_process()
    {
        (await Issuer.SpendAsync(await SpendingAsync("a"), default)).ShouldBe(StoreAnswer.Done);
        TestStore second = await StartAsync();
        (await second.Issuer.SpendAsync(await SpendingAsync("a"), default)).ShouldBe(StoreAnswer.AssertionReplayed);
    }

    [Fact]
    public async Task Looks_at_the_registry_where_nothing_is_spent()
    {
        (await Issuer.SpendAsync(await SpendingAsync(), default)).ShouldBe(StoreAnswer.Done);
        (await Issuer.SpendAsync(new(null, RegistryPosition.Start), default)).ShouldBe(StoreAnswer.Stale);
    }

    // What was decided by a registry that has moved on spends nothing: it is decided again with the same assertion.
    [Fact]
    public async Task Spends_nothing_for_a_caller_whose_registry_is_old()
    {
        Spending old = await SpendingAsync("a");
        (await Registry.WriteAsync([WriteOf("client")], RegistryActor.Issuer, default)).ShouldBe(RegistryAnswer.Written);
        (await Issuer.SpendAsync(old, default)).ShouldBe(StoreAnswer.Stale);
        (await Issuer.SpendAsync(old with { Decided = new("another", old.Decided.Revision + 1) }, default)).ShouldBe(StoreAnswer.Stale);
        (await Issuer.SpendAsync(old with { Decided = old.Decided with { Revision = 2 } }, default)).ShouldBe(StoreAnswer.Stale);
        (await Issuer.SpendAsync(old with { Decided = default }, default)).ShouldBe(StoreAnswer.Stale);
        (await Issuer.SpendAsync(await SpendingAsync("a"), default)).ShouldBe(StoreAnswer.Done);
    }

    // AT-94, AT-98: 64 at once, at one process and at two.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Has_one_winner_of_64_uses_of_an_assertion(int processes)
    {
        IReadOnlyList<TestStore> stores = processes == 1 ? [Store] : [Store, await StartAsync()];
        for (int round = 0; round < 5; round++)
        {
            Spending spending = await SpendingAsync($"a-{round}");
            IReadOnlyList<StoreAnswer> answers = await Race.RunAsync(stores, (store, _) => store.Issuer.SpendAsync(spending, default));
            answers.Count(answer => answer == StoreAnswer.Done).ShouldBe(1);
            answers.Count(answer => answer == StoreAnswer.AssertionReplayed).ShouldBe(Race.Runners - 1);
        }
    }

    [Fact]
    public async Task Spends_64_different_assertions_at_once()
    {
        Spending[] spendings = new Spending[Race.Runners];
        for (int i = 0; i < spendings.Length; i++)
            spendings[i] = await SpendingAsync($"a-{i}");
        IReadOnlyList<StoreAnswer> answers = await Race.RunAsync([Store, await StartAsync()], (store, i) => store.Issuer.SpendAsync(spendings[i], default));
        answers.ShouldAllBe(answer => answer == StoreAnswer.Done);
    }

    // AT-94: one assertion sent to several endpoints at once, of which some write more than it.
    [Fact]
    public async Task Has_one_winner_of_an_assertion_among_different_operations()
    {
        for (int round = 0; round < 5; round++)
        {
            Spending spending = await SpendingAsync($"a-{round}");
            string name = $"request-{round}";
            IReadOnlyList<StoreAnswer> answers = await Race.RunAsync([Store], (store, i) => i % 2 == 0
                ? store.Issuer.SpendAsync(spending, default) : store.Issuer.AddPushedRequestAsync(PushedOf($"{name}-{i}"), spending, default));
            answers.Count(answer => answer == StoreAnswer.Done).ShouldBe(1);
            answers.Count(answer => answer == StoreAnswer.AssertionReplayed).ShouldBe(Race.Runners - 1);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("nul\0nul")]
    [InlineData("half \ud800 pair")]
    [InlineData("'; DROP TABLE assertion; --")]
    public async Task Spends_assertions_with_hostile_identifiers(string jti)
    {
        (await Issuer.SpendAsync(await SpendingAsync(jti), default)).ShouldBe(StoreAnswer.Done);
        (await Issuer.SpendAsync(await SpendingAsync(jti), default)).ShouldBe(StoreAnswer.AssertionReplayed);
    }

    [Fact]
    public async Task Spends_an_assertion_with_a_long_identifier()
    {
        string jti = new('x', 1_000_000);
        (await Issuer.SpendAsync(await SpendingAsync(jti), default)).ShouldBe(StoreAnswer.Done);
        (await Issuer.SpendAsync(await SpendingAsync($"{jti}y"), default)).ShouldBe(StoreAnswer.Done);
        (await Issuer.SpendAsync(await SpendingAsync(jti), default)).ShouldBe(StoreAnswer.AssertionReplayed);
    }

    [Fact]
    public async Task Stops_waiting_when_the_caller_does()
    {
        Spending spending = await SpendingAsync("a");
        await Should.ThrowAsync<OperationCanceledException>(async () => await Issuer.SpendAsync(spending, new CancellationToken(true)));
    }
}
