using Holdfast.Issuer;
using Holdfast.Registry;

namespace Holdfast.Storage.Tests;

/// <summary>Codes and pushed requests are used once.</summary>
public abstract class CodeContract : StoreContract
{
    [Fact]
    public async Task Gives_back_a_code_and_its_grant_as_they_were()
    {
        (await Issuer.AddCodeAsync(CodeOf(), GrantOf(), null, await SpendingAsync("a"), default)).ShouldBe(StoreAnswer.Done);
        (AuthorizationCode code, Grant grant) = (await Issuer.FindCodeAsync(SecretHash.Of("code-1"), default)).ShouldNotBeNull();
        code.ShouldBe(CodeOf());
        grant.ShouldBe(GrantOf() with { Resources = grant.Resources });
        grant.Resources.ShouldBe(GrantOf().Resources);
        (await Issuer.SpendAsync(await SpendingAsync("a"), default)).ShouldBe(StoreAnswer.AssertionReplayed);
    }

    [Fact]
    public async Task Gives_back_a_code_with_nothing_optional()
    {
        AuthorizationCode code = CodeOf() with { DPoPJkt = null, Nonce = null, IsRedirectUriStated = false };
        (await Issuer.AddCodeAsync(code, GrantOf() with { Scope = "", Resources = [] }, null, await SpendingAsync(), default)).ShouldBe(StoreAnswer.Done);
        (AuthorizationCode found, Grant grant) = (await Issuer.FindCodeAsync(code.Hash, default)).ShouldNotBeNull();
        found.ShouldBe(code);
        (grant.Scope, grant.Resources.Count).ShouldBe(("", 0));
    }

    [Fact]
    public async Task Finds_nothing_that_it_was_not_given()
    {
        (await Issuer.FindCodeAsync(SecretHash.Of("code-1"), default)).ShouldBeNull();
        (await Issuer.FindCodeAsync(default, default)).ShouldBeNull();
        (await Issuer.FindRefreshTokenAsync(SecretHash.Of("refresh-1"), default)).ShouldBeNull();
        (await Issuer.FindPushedRequestAsync(SecretHash.Of("request-1"), default)).ShouldBeNull();
        (await Issuer.RedeemCodeAsync(SecretHash.Of("code-1"), null, await SpendingAsync(), default)).ShouldBe(StoreAnswer.Gone);
        (await Issuer.UseRefreshTokenAsync(SecretHash.Of("refresh-1"), Now, await SpendingAsync(), default)).ShouldBe(StoreAnswer.Gone);
    }

    // AT-38, FAPI-17: a code is redeemed once, and found after it, so that a second use can be judged.
    [Fact]
    public async Task Redeems_a_code_once()
    {
        await RedeemedAsync();
        (await Issuer.RedeemCodeAsync(SecretHash.Of("code-1"), TokenOf("refresh-2"), await SpendingAsync("b"), default)).ShouldBe(StoreAnswer.Gone);
        (await Issuer.FindCodeAsync(SecretHash.Of("code-1"), default)).ShouldNotBeNull().Code.RedeemedAt.ShouldBe(Now);
        (await Issuer.FindRefreshTokenAsync(SecretHash.Of("refresh-2"), default)).ShouldBeNull();
        // Nothing was written: the assertion is not spent.
        (await Issuer.SpendAsync(await SpendingAsync("b"), default)).ShouldBe(StoreAnswer.Done);
    }

    // Rule 5: nothing is consumed before everything else passed.
    [Fact]
    public async Task Leaves_a_code_alone_where_the_assertion_was_spent_or_the_registry_moved_on()
    {
        (await Issuer.AddCodeAsync(CodeOf(), GrantOf(), null, await SpendingAsync("a"), default)).ShouldBe(StoreAnswer.Done);
        (await Issuer.RedeemCodeAsync(SecretHash.Of("code-1"), null, await SpendingAsync("a"), default)).ShouldBe(StoreAnswer.AssertionReplayed);
        (await Issuer.RedeemCodeAsync(SecretHash.Of("code-1"), null, new(AssertionOf("b"), RegistryPosition.Start), default)).ShouldBe(StoreAnswer.Stale);
        (await Issuer.FindCodeAsync(SecretHash.Of("code-1"), default)).ShouldNotBeNull().Code.RedeemedAt.ShouldBeNull();
        (await Issuer.RedeemCodeAsync(SecretHash.Of("code-1"), null, await SpendingAsync("b"), default)).ShouldBe(StoreAnswer.Done);
    }

    // AT-38, FAPI-17: 64 at once, at one process and at two.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Has_one_winner_of_64_redemptions(int processes)
    {
        IReadOnlyList<TestStore> stores = processes == 1 ? [Store] : [Store, await StartAsync()];
        for (int round = 0; round < 3; round++)
        {
            string name = $"code-{round}", grant = $"grant-{round}";
            Spending spending = await SpendingAsync();
            (await Issuer.AddCodeAsync(CodeOf(name, grant), GrantOf(grant), null, spending, default)).ShouldBe(StoreAnswer.Done);
            IReadOnlyList<StoreAnswer> answers = await Race.RunAsync(stores, (store, i) =>
                store.Issuer.RedeemCodeAsync(SecretHash.Of(name), TokenOf($"{name}-{i}", grant), spending with { Assertion = AssertionOf($"{name}-{i}") }, default));
            answers.Count(answer => answer == StoreAnswer.Done).ShouldBe(1);
            answers.Count(answer => answer == StoreAnswer.Gone).ShouldBe(Race.Runners - 1);
            // The winner's refresh token is the only one.
            int kept = 0;
            for (int i = 0; i < Race.Runners; i++)
                kept += await Issuer.FindRefreshTokenAsync(SecretHash.Of($"{name}-{i}"), default) is null ? 0 : 1;
            kept.ShouldBe(1);
        }
    }

    // AT-39: what came from a code can be ended, and nothing more comes from it.
    [Fact]
    public async Task Redeems_no_code_of_a_grant_that_has_ended()
    {
        (await Issuer.AddCodeAsync(CodeOf(), GrantOf(), null, await SpendingAsync(), default)).ShouldBe(StoreAnswer.Done);
        (await Issuer.EndGrantAsync("grant-1", "revoked", Now.AddMinutes(5), await SpendingAsync(), default)).ShouldBe(StoreAnswer.Done);
        (await Issuer.RedeemCodeAsync(SecretHash.Of("code-1"), TokenOf(), await SpendingAsync(), default)).ShouldBe(StoreAnswer.Gone);
        (await Issuer.FindCodeAsync(SecretHash.Of("code-1"), default)).ShouldNotBeNull().Grant.EndedAt.ShouldBe(Now);
    }

    // RFC 9126 §2.2
    [Fact]
    public async Task Gives_back_a_pushed_request_as_it_was()
    {
        (await Issuer.AddPushedRequestAsync(PushedOf(), await SpendingAsync("a"), default)).ShouldBe(StoreAnswer.Done);
        (await Issuer.FindPushedRequestAsync(SecretHash.Of("request-1"), default)).ShouldBe(PushedOf());
        (await Issuer.AddPushedRequestAsync(PushedOf("request-2"), await SpendingAsync("a"), default)).ShouldBe(StoreAnswer.AssertionReplayed);
        (await Issuer.AddPushedRequestAsync(PushedOf("request-2"), new(null, RegistryPosition.Start), default)).ShouldBe(StoreAnswer.Stale);
        (await Issuer.FindPushedRequestAsync(SecretHash.Of("request-2"), default)).ShouldBeNull();
    }

    // AT-83, RFC 9126 §4
    [Fact]
    public async Task Uses_a_pushed_request_once()
    {
        (await Issuer.AddPushedRequestAsync(PushedOf(), await SpendingAsync(), default)).ShouldBe(StoreAnswer.Done);
        (await Issuer.AddCodeAsync(CodeOf(), GrantOf(), SecretHash.Of("request-1"), await SpendingAsync(), default)).ShouldBe(StoreAnswer.Done);
        (await Issuer.FindPushedRequestAsync(SecretHash.Of("request-1"), default)).ShouldBe(PushedOf() with { IsUsed = true });
        (await Issuer.AddCodeAsync(CodeOf("code-2", "grant-2"), GrantOf("grant-2"), SecretHash.Of("request-1"), await SpendingAsync(), default)).ShouldBe(StoreAnswer.Gone);
        (await Issuer.AddCodeAsync(CodeOf("code-2", "grant-2"), GrantOf("grant-2"), SecretHash.Of("request-9"), await SpendingAsync(), default)).ShouldBe(StoreAnswer.Gone);
        (await Issuer.FindCodeAsync(SecretHash.Of("code-2"), default)).ShouldBeNull();
    }

    // AT-83: 64 at once, at one process and at two.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Has_one_winner_of_64_uses_of_a_pushed_request(int processes)
    {
        IReadOnlyList<TestStore> stores = processes == 1 ? [Store] : [Store, await StartAsync()];
        Spending spending = await SpendingAsync();
        (await Issuer.AddPushedRequestAsync(PushedOf(), spending, default)).ShouldBe(StoreAnswer.Done);
        IReadOnlyList<StoreAnswer> answers = await Race.RunAsync(stores, (store, i) =>
            store.Issuer.AddCodeAsync(CodeOf($"code-{i}", $"grant-{i}"), GrantOf($"grant-{i}"), SecretHash.Of("request-1"), spending, default));
        answers.Count(answer => answer == StoreAnswer.Done).ShouldBe(1);
        answers.Count(answer => answer == StoreAnswer.Gone).ShouldBe(Race.Runners - 1);
    }

    [Theory]
    [InlineData("nul\0nul")]
    [InlineData("half \ud800 pair")]
    [InlineData("\u0001 begins like packed text")]
    [InlineData("'\"; DROP TABLE issued_grant; -- 🔑 \uFFFD")]
    [InlineData("")]
    public async Task Gives_back_hostile_text_as_it_was(string text)
    {
        AuthorizationCode code = CodeOf() with { Nonce = text, RedirectUri = text, CodeChallenge = text };
        Grant grant = GrantOf() with { Subject = text, Scope = text };
        (await Issuer.AddCodeAsync(code, grant, null, await SpendingAsync(), default)).ShouldBe(StoreAnswer.Done);
        (AuthorizationCode found, Grant itsGrant) = (await Issuer.FindCodeAsync(code.Hash, default)).ShouldNotBeNull();
        found.ShouldBe(code);
        (itsGrant.Subject, itsGrant.Scope).ShouldBe((text, text));
        PushedRequest request = PushedOf() with { Parameters = text };
        (await Issuer.AddPushedRequestAsync(request, await SpendingAsync(), default)).ShouldBe(StoreAnswer.Done);
        (await Issuer.FindPushedRequestAsync(request.Reference, default)).ShouldBe(request);
        await Issuer.SaveConsentAsync(text, text, text, Now, default);
        (await Issuer.FindConsentAsync(text, text, default)).ShouldBe(text);
    }

    [Fact]
    public async Task Gives_back_long_text_as_it_was()
    {
        string text = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i:x} "));
        (await Issuer.AddCodeAsync(CodeOf() with { Nonce = text }, GrantOf() with { Subject = text }, null, await SpendingAsync(), default)).ShouldBe(StoreAnswer.Done);
        (AuthorizationCode code, Grant grant) = (await Issuer.FindCodeAsync(SecretHash.Of("code-1"), default)).ShouldNotBeNull();
        (code.Nonce, grant.Subject).ShouldBe((text, text));
        await Issuer.SaveConsentAsync(text, "client", "read", Now, default);
        (await Issuer.FindConsentAsync(text, "client", default)).ShouldBe("read");
    }

    // A code that exists is a fault of the caller, and harms nobody beside him.
    [Fact]
    public async Task Refuses_a_code_that_exists()
    {
        (await Issuer.AddCodeAsync(CodeOf(), GrantOf(), null, await SpendingAsync(), default)).ShouldBe(StoreAnswer.Done);
        Spending spending = await SpendingAsync();
        Task<StoreAnswer> second = Issuer.AddCodeAsync(CodeOf(), GrantOf("grant-2"), null, spending, default).AsTask();
        Task<StoreAnswer> beside = Issuer.AddCodeAsync(CodeOf("code-3", "grant-3"), GrantOf("grant-3"), null, spending, default).AsTask();
        await Should.ThrowAsync<StateUnavailableException>(second);
        (await beside).ShouldBe(StoreAnswer.Done);
        (await Issuer.FindCodeAsync(SecretHash.Of("code-1"), default)).ShouldNotBeNull().Grant.GrantId.ShouldBe("grant-1");
    }
}
