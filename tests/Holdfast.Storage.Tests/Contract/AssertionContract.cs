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
        (await Issuer.SpendAsync(await SpendingAsync("a", "ab"), default)).ShouldBe(StoreAnswer.Done);
        (await Issuer.SpendAsync(await SpendingAsync("ba", "a"), default)).ShouldBe(StoreAnswer.Done);
        (await Issuer.SpendAsync(await SpendingAsync("a", "abc"), default)).ShouldBe(StoreAnswer.Done);
    }

    [Fact]
    public async Task Looks_at_the_registry_where_nothing_is_spent()
    {
        (await Issuer.SpendAsync(await SpendingAsync(), default)).ShouldBe(StoreAnswer.Done);
        (await Issuer.SpendAsync(new(null, RegistryPosition.Start), default)).ShouldBe(StoreAnswer.Stale);
    }
}
