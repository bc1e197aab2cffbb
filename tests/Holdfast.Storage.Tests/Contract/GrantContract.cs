using Holdfast.Issuer;
using Holdfast.Registry;

namespace Holdfast.Storage.Tests;

/// <summary>Refresh tokens, the end of grants, what is revoked, what people allowed.</summary>
public abstract class GrantContract : StoreContract
{
    private static readonly byte[] Sealed = [1, 0, 255, 3];

    [Fact]
    public async Task Gives_back_a_refresh_token_and_its_grant_as_they_were()
    {
        await RedeemedAsync();
        (RefreshToken token, Grant grant) = (await Issuer.FindRefreshTokenAsync(SecretHash.Of("refresh-1"), default)).ShouldNotBeNull();
        token.ShouldBe(TokenOf());
        grant.ShouldBe(GrantOf() with { Resources = grant.Resources });
    }

    [Fact]
    public async Task Gives_back_an_unbound_refresh_token()
    {
        Spending spending = await SpendingAsync();
        (await Issuer.AddCodeAsync(CodeOf(), GrantOf(), null, spending, default)).ShouldBe(StoreAnswer.Done);
        (await Issuer.RedeemCodeAsync(SecretHash.Of("code-1"), TokenOf() with { DPoPJkt = null, X5tS256 = null }, spending, default)).ShouldBe(StoreAnswer.Done);
        RefreshToken token = (await Issuer.FindRefreshTokenAsync(SecretHash.Of("refresh-1"), default)).ShouldNotBeNull().Token;
        (token.DPoPJkt, token.X5tS256).ShouldBe((null, null));
    }

    [Fact]
    public async Task Uses_a_refresh_token_as_often_as_it_is_not_replaced()
    {
        await RedeemedAsync();
        (await Issuer.UseRefreshTokenAsync(SecretHash.Of("refresh-1"), Now.AddDays(20), await SpendingAsync("a"), default)).ShouldBe(StoreAnswer.Done);
        (await Issuer.UseRefreshTokenAsync(SecretHash.Of("refresh-1"), Now.AddDays(21), await SpendingAsync("a"), default)).ShouldBe(StoreAnswer.AssertionReplayed);
        (await Issuer.FindRefreshTokenAsync(SecretHash.Of("refresh-1"), default)).ShouldNotBeNull().Token.ExpiresAt.ShouldBe(Now.AddDays(20));
        (await ReplaceAsync("refresh-1", "refresh-2")).ShouldBe(StoreAnswer.Done);
        (await Issuer.UseRefreshTokenAsync(SecretHash.Of("refresh-1"), Now.AddDays(21), await SpendingAsync(), default)).ShouldBe(StoreAnswer.Gone);
        (await Issuer.UseRefreshTokenAsync(SecretHash.Of("refresh-2"), Now.AddDays(21), await SpendingAsync(), default)).ShouldBe(StoreAnswer.Done);
    }

    // AT-98, RFC 9700 §4.14.2: the replaced one is found, so that its reuse can be judged, with its successor for the grace.
    [Fact]
    public async Task Replaces_a_refresh_token_once()
    {
        await RedeemedAsync();
        (await ReplaceAsync("refresh-1", "refresh-2")).ShouldBe(StoreAnswer.Done);
        (await ReplaceAsync("refresh-1", "refresh-3")).ShouldBe(StoreAnswer.Gone);
        RefreshToken replaced = (await Issuer.FindRefreshTokenAsync(SecretHash.Of("refresh-1"), default)).ShouldNotBeNull().Token;
        replaced.ReplacedAt.ShouldBe(Now.AddSeconds(1));
        replaced.SealedSuccessor.ShouldBe(Sealed);
        (await Issuer.FindRefreshTokenAsync(SecretHash.Of("refresh-2"), default)).ShouldNotBeNull().Token.ShouldBe(TokenOf("refresh-2"));
        (await Issuer.FindRefreshTokenAsync(SecretHash.Of("refresh-3"), default)).ShouldBeNull();
    }

    // AT-98: 64 at once, at one process and at two.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Has_one_winner_of_64_replacements(int processes)
    {
        IReadOnlyList<TestStore> stores = processes == 1 ? [Store] : [Store, await StartAsync()];
        await RedeemedAsync();
        Spending spending = await SpendingAsync();
        IReadOnlyList<StoreAnswer> answers = await Race.RunAsync(stores, (store, i) =>
            store.Issuer.ReplaceRefreshTokenAsync(SecretHash.Of("refresh-1"), TokenOf($"next-{i}"), Sealed, Now, spending, default));
        answers.Count(answer => answer == StoreAnswer.Done).ShouldBe(1);
        answers.Count(answer => answer == StoreAnswer.Gone).ShouldBe(Race.Runners - 1);
    }

    // Of a replacement and the grant's end at once: whoever comes first, afterwards no token of the grant works.
    [Fact]
    public async Task Leaves_no_token_alive_where_a_grant_ends_while_its_token_is_replaced()
    {
        await RedeemedAsync();
        Spending spending = await SpendingAsync();
        await Race.RunAsync([Store, await StartAsync()], (store, i) => i == 20
            ? store.Issuer.EndGrantAsync("grant-1", "revoked", Now.AddMinutes(5), spending, default)
            : store.Issuer.ReplaceRefreshTokenAsync(SecretHash.Of("refresh-1"), TokenOf($"next-{i}"), Sealed, Now, spending, default));
        for (int i = 0; i < Race.Runners; i++)
            (await Issuer.UseRefreshTokenAsync(SecretHash.Of($"next-{i}"), Now.AddDays(1), spending, default)).ShouldBe(StoreAnswer.Gone);
    }

    // RFC 7009 §2.1, AT-39: with the grant everything that came from it ends, and the log says so.
    [Fact]
    public async Task Ends_a_grant_with_its_tokens()
    {
        await RedeemedAsync();
        (await Issuer.EndGrantAsync("grant-1", "code_replayed", Now.AddMinutes(5), await SpendingAsync("a"), default)).ShouldBe(StoreAnswer.Done);
        (await Issuer.UseRefreshTokenAsync(SecretHash.Of("refresh-1"), Now.AddDays(1), await SpendingAsync(), default)).ShouldBe(StoreAnswer.Gone);
        (await ReplaceAsync("refresh-1", "refresh-2")).ShouldBe(StoreAnswer.Gone);
        (await Issuer.FindRefreshTokenAsync(SecretHash.Of("refresh-1"), default)).ShouldNotBeNull().Grant.EndedAt.ShouldBe(Now);
        (await Issuer.IsRevokedAsync(new("jti", "grant-1", "client", "kid"), default)).ShouldBeTrue();
        (await Issuer.IsRevokedAsync(new("jti", "grant-2", "client", "kid"), default)).ShouldBeFalse();
        (await Registry.ReadRevocationsAsync(0, 10, default)).ShouldBe([new(1, Now, new(RevocationKind.Grant, "grant-1", Now.AddMinutes(5), "code_replayed"))]);
        (await Issuer.SpendAsync(await SpendingAsync("a"), default)).ShouldBe(StoreAnswer.AssertionReplayed);
    }

    [Fact]
    public async Task Ends_what_has_ended_and_what_it_does_not_know()
    {
        await RedeemedAsync();
        foreach (string grant in (string[])["grant-1", "grant-1", "unknown"])
            (await Issuer.EndGrantAsync(grant, "revoked", Now.AddMinutes(5), await SpendingAsync(), default)).ShouldBe(StoreAnswer.Done);
        (await Registry.ReadRevocationsAsync(0, 10, default)).Select(recorded => recorded.Revocation.Value).ShouldBe(["grant-1", "unknown"]);
        (await Issuer.EndGrantAsync("grant-1", "revoked", Now.AddMinutes(5), new(null, RegistryPosition.Start), default)).ShouldBe(StoreAnswer.Stale);
    }

    // RFC 7009 §2: one access token.
    [Fact]
    public async Task Revokes_one_access_token()
    {
        (await Issuer.RevokeTokenAsync("jti-1", Now.AddMinutes(5), await SpendingAsync("a"), default)).ShouldBe(StoreAnswer.Done);
        (await Issuer.RevokeTokenAsync("jti-2", Now.AddMinutes(5), await SpendingAsync("a"), default)).ShouldBe(StoreAnswer.AssertionReplayed);
        (await Issuer.IsRevokedAsync(new("jti-1", null, "client", "kid"), default)).ShouldBeTrue();
        (await Issuer.IsRevokedAsync(new("jti-2", null, "client", "kid"), default)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(RevocationKind.Token, "jti")]
    [InlineData(RevocationKind.Grant, "grant")]
    [InlineData(RevocationKind.Client, "client")]
    [InlineData(RevocationKind.SigningKey, "kid")]
    public async Task Finds_a_token_by_whatever_of_it_was_revoked(RevocationKind kind, string value)
    {
        var token = new TokenIdentity("jti", "grant", "client", "kid");
        foreach (RevocationKind other in Enum.GetValues<RevocationKind>().Where(other => other != kind))
            await Registry.RevokeAsync([new(other, value, null, "revoked")], RegistryActor.Issuer, default);
        (await Issuer.IsRevokedAsync(token, default)).ShouldBeFalse();
        await Registry.RevokeAsync([new(kind, value, null, "revoked")], RegistryActor.Issuer, default);
        (await Issuer.IsRevokedAsync(token, default)).ShouldBeTrue();
    }

    [Fact]
    public async Task Remembers_what_a_person_allowed()
    {
        (await Issuer.FindConsentAsync("alice", "client", default)).ShouldBeNull();
        await Issuer.SaveConsentAsync("alice", "client", "read", Now, default);
        await Issuer.SaveConsentAsync("alice", "client", "read write", Now, default);
        (await Issuer.FindConsentAsync("alice", "client", default)).ShouldBe("read write");
        (await Issuer.FindConsentAsync("alice", "other", default)).ShouldBeNull();
        (await Issuer.FindConsentAsync("alicec", "lient", default)).ShouldBeNull();
    }

    private async Task<StoreAnswer> ReplaceAsync(string token, string successor) =>
        await Issuer.ReplaceRefreshTokenAsync(SecretHash.Of(token), TokenOf(successor), Sealed, Now.AddSeconds(1), await SpendingAsync(), default);
}
