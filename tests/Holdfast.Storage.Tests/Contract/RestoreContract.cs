using Holdfast.Issuer;
using Holdfast.Registry;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Storage.Tests;

/// <summary>A database that is set back while a process runs on it, or while none does, is noticed.</summary>
public abstract class RestoreContract : StoreContract
{
    /// <summary>Copies the database away, as it is.</summary>
    protected abstract Task SaveAsync();

    /// <summary>Puts the copy in its place.</summary>
    protected abstract Task SetBackAsync();

    // A look that another connection takes meanwhile raises the number; what was read before is not set back for it.
    [Fact]
    public async Task Takes_no_look_that_is_taken_meanwhile_for_a_database_that_was_set_back()
    {
        await BeatAsync(Store);

        Here here = await Store.Database.ReadAsync(async session =>
        {
            // The moment that all of it is of.
            await session.FindAsync<long>("SELECT count(*) FROM history");
            await BeatAsync(Store);
            return await session.HereAsync();
        }, default);

        here.LogId.ShouldBe((await Store.PositionAsync()).LogId);
        Store.Log.CountOf(7).ShouldBe(0);
    }

    // Nothing is decided by a database that is older than what this process has seen, not even before it has looked; and whoever meets it has it looked at.
    [Fact]
    public async Task Refuses_until_a_new_line_of_history_has_begun()
    {
        await SaveAsync();
        await BeatAsync(Store);
        Spending before = await SpendingAsync("a");
        await SetBackAsync();
        await Should.ThrowAsync<StateUnavailableException>(async () => await Issuer.SpendAsync(before, default));
        await Eventually.IsSoAsync(() => Store.Log.CountOf(7) == 1, () => "No new line of history.");
        (await Issuer.SpendAsync(before, default)).ShouldBe(StoreAnswer.Stale);
        (await Store.PositionAsync()).LogId.ShouldNotBe(before.Decided.LogId);
    }

    [Theory]
    [InlineData("pushed")]
    [InlineData("write")]
    [InlineData("read")]
    [InlineData("revoke")]
    [InlineData("find")]
    public async Task Does_nothing_with_a_database_that_was_set_back(string what)
    {
        await SaveAsync();
        await BeatAsync(Store);
        Spending before = await SpendingAsync();
        await SetBackAsync();
        await Should.ThrowAsync<StateUnavailableException>(async () => _ = what switch
        {
            "pushed" => await Issuer.AddPushedRequestAsync(PushedOf(), before, default),
            "write" => await Registry.WriteAsync([WriteOf("one")], RegistryActor.Issuer, default),
            "read" => await Registry.ReadSinceAsync(before.Decided, default),
            "revoke" => await RevokeAsync(),
            _ => (object?)await Issuer.FindCodeAsync(SecretHash.Of("code-1"), default),
        });
    }

    // AT-94: an assertion that was spent after the copy was made may not work again, and nobody knows which those are.
    [Fact]
    public async Task Takes_assertions_from_before_for_spent()
    {
        await SaveAsync();
        await BeatAsync(Store);
        (await Issuer.SpendAsync(await SpendingAsync("a"), default)).ShouldBe(StoreAnswer.Done);
        Store.Clock.Advance(TimeSpan.FromSeconds(30));
        await SetBackAsync();
        await BeatAsync(Store);
        Spending now = await SpendingAsync();
        foreach ((int seconds, StoreAnswer answer) in ((int, StoreAnswer)[])[(0, StoreAnswer.AssertionReplayed), (39, StoreAnswer.AssertionReplayed), (40, StoreAnswer.Done)])
            (await Issuer.SpendAsync(now with { Assertion = new("client", $"a-{seconds}", Now.AddSeconds(seconds), Now.AddMinutes(5)) }, default)).ShouldBe(answer);
        (await Issuer.AddPushedRequestAsync(PushedOf(), now with { Assertion = AssertionOf("a") }, default)).ShouldBe(StoreAnswer.AssertionReplayed);
    }

    // AT-38, AT-83: whether a code was redeemed after the copy was made nobody knows either. Grants and refresh tokens stay.
    [Fact]
    public async Task Takes_codes_and_pushed_requests_from_before_for_used()
    {
        await RedeemedAsync();
        (await Issuer.AddCodeAsync(CodeOf("code-2", "grant-2"), GrantOf("grant-2"), null, await SpendingAsync(), default)).ShouldBe(StoreAnswer.Done);
        (await Issuer.AddPushedRequestAsync(PushedOf(), await SpendingAsync(), default)).ShouldBe(StoreAnswer.Done);
        await SaveAsync();
        await BeatAsync(Store);
        await SetBackAsync();
        await BeatAsync(Store);
        (await Issuer.FindCodeAsync(SecretHash.Of("code-2"), default)).ShouldBeNull();
        (await Issuer.RedeemCodeAsync(SecretHash.Of("code-2"), null, await SpendingAsync(), default)).ShouldBe(StoreAnswer.Gone);
        (await Issuer.FindPushedRequestAsync(SecretHash.Of("request-1"), default)).ShouldBeNull();
        (await Issuer.AddCodeAsync(CodeOf("code-3", "grant-3"), GrantOf("grant-3"), SecretHash.Of("request-1"), await SpendingAsync(), default)).ShouldBe(StoreAnswer.Gone);
        (await Issuer.UseRefreshTokenAsync(SecretHash.Of("refresh-1"), Now.AddDays(1), await SpendingAsync(), default)).ShouldBe(StoreAnswer.Done);
    }

    // No place in the logs means two things.
    [Fact]
    public async Task Goes_on_above_what_was_seen()
    {
        await SaveAsync();
        await Registry.WriteAsync([WriteOf("one"), WriteOf("two")], RegistryActor.Issuer, default);
        await Registry.WriteAsync([WriteOf("three")], RegistryActor.Issuer, default);
        await Registry.RevokeAsync([new(RevocationKind.Token, "jti", null, "revoked")], RegistryActor.Issuer, default);
        RegistryPosition before = await Store.PositionAsync();
        await BeatAsync(Store);
        await SetBackAsync();
        await BeatAsync(Store);
        RegistryChanges changes = await Registry.ReadSinceAsync(before, default);
        (changes.IsWhole, changes.Entries.Count, changes.Position.Revision, changes.RestoredAt).ShouldBe((true, 0, 2, Now));
        changes.Position.LogId.ShouldNotBe(before.LogId);
        await Registry.RevokeAsync([new(RevocationKind.Token, "other", null, "revoked")], RegistryActor.Issuer, default);
        (await Registry.ReadRevocationsAsync(0, 10, default)).ShouldHaveSingleItem().Sequence.ShouldBe(2);
        (await Registry.ReadAuditAsync(new(), default)).ShouldHaveSingleItem().Sequence.ShouldBe(5);
    }

    // One new line, whoever notices first.
    [Fact]
    public async Task Begins_one_line_where_two_processes_notice()
    {
        TestStore second = await StartAsync();
        await SaveAsync();
        await BeatAsync(Store);
        await BeatAsync(second);
        RegistryPosition before = await Store.PositionAsync();
        await SetBackAsync();
        await Task.WhenAll(BeatAsync(Store), BeatAsync(second));
        RegistryPosition after = await Store.PositionAsync();
        after.LogId.ShouldNotBe(before.LogId);
        (await second.PositionAsync()).ShouldBe(after);
        (await LinesAsync()).ShouldBe(2);
        await BeatAsync(Store);
        await BeatAsync(second);
        (await LinesAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task Notices_every_time()
    {
        await SaveAsync();
        await BeatAsync(Store);
        for (int round = 0; round < 3; round++)
        {
            string before = (await Store.PositionAsync()).LogId;
            await SetBackAsync();
            await BeatAsync(Store);
            (await Store.PositionAsync()).LogId.ShouldNotBe(before);
        }
        Store.Log.CountOf(7).ShouldBe(3);
    }

    [Fact]
    public async Task Notices_nothing_where_nothing_was_set_back()
    {
        RegistryPosition before = await Store.PositionAsync();
        TestStore second = await StartAsync();
        for (int i = 0; i < 3; i++)
        {
            await BeatAsync(Store);
            await BeatAsync(second);
        }
        await StartAsync();
        (await Store.PositionAsync()).ShouldBe(before);
    }

    private async Task<object?> RevokeAsync()
    {
        await Registry.RevokeAsync([new(RevocationKind.Token, "jti", null, "revoked")], RegistryActor.Issuer, default);
        return null;
    }

    internal static Task BeatAsync(TestStore store) => store.Services.GetRequiredService<Watch>().BeatAsync(default);

    internal Task<long> LinesAsync() => Store.Database.ReadAsync(session => session.FindAsync<long>("SELECT count(*) FROM history"), default);
}
