using Holdfast.Issuer;
using Holdfast.Registry;

namespace Holdfast.Storage.Tests;

/// <summary>What has expired goes, a little at a time, and nothing else does.</summary>
public abstract class PurgeContract : StoreContract
{
    [Fact]
    public async Task Keeps_an_assertion_for_an_hour_after_it_expired()
    {
        (await Issuer.SpendAsync(await SpendingAsync("a"), default)).ShouldBe(StoreAnswer.Done);
        Store.Clock.UtcNow = Now.AddMinutes(5).AddHours(1);
        await PurgeAsync();
        (await Issuer.SpendAsync(await SpendingAsync("a"), default)).ShouldBe(StoreAnswer.AssertionReplayed);
        Store.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await PurgeAsync();
        (await Issuer.SpendAsync(await SpendingAsync("a"), default)).ShouldBe(StoreAnswer.Done);
    }

    // FAPI-17: a redeemed code is known until no token from it lives, so that its second use can end the grant.
    [Fact]
    public async Task Keeps_a_code_for_a_day()
    {
        await RedeemedAsync();
        Store.Clock.UtcNow = Now.AddMinutes(1).AddHours(24);
        await PurgeAsync();
        (await Issuer.FindCodeAsync(SecretHash.Of("code-1"), default)).ShouldNotBeNull();
        Store.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await PurgeAsync();
        (await Issuer.FindCodeAsync(SecretHash.Of("code-1"), default)).ShouldBeNull();
        (await Issuer.FindRefreshTokenAsync(SecretHash.Of("refresh-1"), default)).ShouldNotBeNull();
    }

    // AT-98: the replaced token is there for as long as its reuse means anything.
    [Fact]
    public async Task Keeps_a_replaced_refresh_token_until_it_expires()
    {
        await RedeemedAsync();
        (await Issuer.ReplaceRefreshTokenAsync(SecretHash.Of("refresh-1"), TokenOf("refresh-2") with { ExpiresAt = Now.AddDays(20) }, [], Now, await SpendingAsync(), default)).ShouldBe(StoreAnswer.Done);
        Store.Clock.UtcNow = Now.AddDays(14);
        await PurgeAsync();
        (await Issuer.FindRefreshTokenAsync(SecretHash.Of("refresh-1"), default)).ShouldNotBeNull();
        Store.Clock.UtcNow = Now.AddDays(14).AddHours(1).AddMilliseconds(1);
        await PurgeAsync();
        (await Issuer.FindRefreshTokenAsync(SecretHash.Of("refresh-1"), default)).ShouldBeNull();
        (await Issuer.FindRefreshTokenAsync(SecretHash.Of("refresh-2"), default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Forgets_a_grant_that_ended_with_all_that_came_from_it()
    {
        await RedeemedAsync();
        (await Issuer.EndGrantAsync("grant-1", "revoked", Now.AddMinutes(5), await SpendingAsync(), default)).ShouldBe(StoreAnswer.Done);
        Store.Clock.UtcNow = Now.AddHours(25);
        await PurgeAsync();
        (await CountAsync("issued_grant"), await CountAsync("refresh_token"), await CountAsync("authorization_code"), await CountAsync("revocation")).ShouldBe((0, 0, 0, 0));
    }

    [Fact]
    public async Task Keeps_a_grant_that_lasts_and_a_revocation_without_an_end()
    {
        await RedeemedAsync();
        await Registry.RevokeAsync([new(RevocationKind.Client, "gone", null, "offboarded")], RegistryActor.Issuer, default);
        Store.Clock.UtcNow = Now.AddDays(29);
        await PurgeAsync();
        (await CountAsync("issued_grant"), await CountAsync("revocation"), await CountAsync("audit")).ShouldBe((1, 1, 1));
        Store.Clock.UtcNow = Now.AddDays(31).AddMilliseconds(1);
        await PurgeAsync();
        (await CountAsync("issued_grant"), await CountAsync("revocation"), await CountAsync("audit")).ShouldBe((0, 1, 1));
    }

    // The place of what was forgotten is not given again.
    [Fact]
    public async Task Counts_on_after_revocations_were_forgotten()
    {
        await Registry.RevokeAsync([new(RevocationKind.Token, "one", Now, "revoked")], RegistryActor.Issuer, default);
        Store.Clock.UtcNow = Now.AddHours(2);
        await PurgeAsync();
        await Registry.RevokeAsync([new(RevocationKind.Token, "two", null, "revoked")], RegistryActor.Issuer, default);
        (await Registry.ReadRevocationsAsync(0, 10, default)).ShouldHaveSingleItem().Sequence.ShouldBe(2);
    }

    [Fact]
    public async Task Deletes_no_more_than_a_little_at_once()
    {
        Spending none = await SpendingAsync();
        for (int i = 0; i <= Purge.Limit; i += 64)
            await Race.RunAsync([Store], (store, j) => store.Issuer.SpendAsync(none with { Assertion = AssertionOf($"a-{i + j}") }, default));
        long before = await CountAsync("assertion");
        Store.Clock.UtcNow = Now.AddDays(1);
        (await new Purge(Store.Database, Store.Clock).RunAsync(default)).ShouldBeTrue();
        (before - await CountAsync("assertion")).ShouldBe(Purge.Limit);
        (await new Purge(Store.Database, Store.Clock).RunAsync(default)).ShouldBeFalse();
        (await CountAsync("assertion")).ShouldBe(0);
    }

    private Task PurgeAsync() => new Purge(Store.Database, Store.Clock).RunAsync(default);

    private Task<long> CountAsync(string table) => Store.Database.ReadAsync(session => session.FindAsync<long>($"SELECT count(*) FROM {table}"), default);
}
