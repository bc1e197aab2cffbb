using Holdfast.Client.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.Client.Tests;

public class TokenCacheTests
{
    [Fact]
    public async Task Asks_once_however_many_callers_wait()
    {
        await using World world = await World.CreateAsync();
        var gate = new TaskCompletionSource();
        world.Issuer.Before = async (_, _) =>
        {
            await gate.Task;
            return false;
        };
        IHoldfastTokens tokens = world.Provider().GetRequiredService<IHoldfastTokens>();
        Task<HoldfastToken>[] callers = [.. Enumerable.Range(0, 100).Select(_ => Task.Run(async () => await tokens.GetTokenAsync("orders-client")))];
        gate.SetResult();
        HoldfastToken[] answers = await Task.WhenAll(callers);
        answers.ShouldAllBe(token => token.AccessToken == "opaque~1");
        world.Issuer.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Lets_one_caller_cancel_without_disturbing_the_others()
    {
        await using World world = await World.CreateAsync();
        var arrived = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        world.Issuer.Before = async (_, _) =>
        {
            arrived.TrySetResult();
            await gate.Task;
            return false;
        };
        IHoldfastTokens tokens = world.Provider().GetRequiredService<IHoldfastTokens>();
        using var cancelling = new CancellationTokenSource();
        Task<HoldfastToken> first = tokens.GetTokenAsync("orders-client", cancelling.Token).AsTask();
        await arrived.Task;
        Task<HoldfastToken> second = tokens.GetTokenAsync("orders-client").AsTask();
        await cancelling.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        gate.SetResult();
        (await second).AccessToken.ShouldBe("opaque~1");
        world.Issuer.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Tells_the_token_its_type_its_end_and_its_scope()
    {
        await using World world = await World.CreateAsync();
        HoldfastToken token = await world.Provider().GetRequiredService<IHoldfastTokens>().GetTokenAsync("orders-client");
        token.TokenType.ShouldBe("DPoP");
        token.ExpiresAt.ShouldBe(world.Time.GetUtcNow().AddSeconds(300));
        token.Scope.ShouldBe("orders");
        token.Jkt!.Value.ToString().ShouldBe(world.Issuer.Requests[0].Proof.VerifiedThumbprint());
        token.ToString().ShouldNotContain("opaque");
    }

    // Due in the last fifth of its life, at least 10 s and at most 60 s before the end, at most half of it.
    [Theory]
    [InlineData("300", 239, false)]
    [InlineData("300", 240, true)]
    [InlineData("3600", 3539, false)]
    [InlineData("3600", 3540, true)]
    [InlineData("30", 19, false)]
    [InlineData("30", 20, true)]
    [InlineData("10", 4, false)]
    [InlineData("10", 5, true)]
    [InlineData("\"300\"", 239, false)]
    [InlineData("\"300\"", 240, true)]
    [InlineData("null", 47, false)]
    [InlineData("null", 48, true)]
    public async Task Renews_ahead_of_the_end_while_the_old_one_is_still_in_use(string expiresIn, int after, bool renews)
    {
        await using World world = await World.CreateAsync();
        world.Issuer.ExpiresIn = expiresIn;
        IHoldfastTokens tokens = world.Provider().GetRequiredService<IHoldfastTokens>();
        HoldfastToken first = await tokens.GetTokenAsync("orders-client");
        var renewal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Issuer.Before = (_, _) =>
        {
            renewal.TrySetResult();
            return Task.FromResult(false);
        };
        world.Time.Advance(TimeSpan.FromSeconds(after));
        (await tokens.GetTokenAsync("orders-client")).AccessToken.ShouldBe("opaque~1");
        if (renews)
        {
            await renewal.Task;
            world.Issuer.Requests.Count.ShouldBe(2);
        }
        else
        {
            // At the end at the latest, and not before.
            renewal.Task.IsCompleted.ShouldBeFalse();
        }
        world.Time.UtcNow = first.ExpiresAt;
        (await tokens.GetTokenAsync("orders-client")).AccessToken.ShouldBe("opaque~2");
    }

    [Fact]
    public async Task Keeps_the_old_token_when_the_renewal_fails_and_tries_again_later()
    {
        await using World world = await World.CreateAsync();
        IHoldfastTokens tokens = world.Provider().GetRequiredService<IHoldfastTokens>();
        await tokens.GetTokenAsync("orders-client");
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Logged = (level, text) =>
        {
            if (level == LogLevel.Warning && text.Contains("stays in use"))
                failed.TrySetResult();
        };
        world.Issuer.Before = (_, context) => FakeIssuer.Refuse(context, "temporarily_unavailable", status: 503);
        world.Time.Advance(TimeSpan.FromSeconds(250));
        (await tokens.GetTokenAsync("orders-client")).AccessToken.ShouldBe("opaque~1");
        await failed.Task;
        for (int i = 0; i < 5; i++)
            (await tokens.GetTokenAsync("orders-client")).AccessToken.ShouldBe("opaque~1");
        world.Issuer.Requests.Count.ShouldBe(2);

        var renewal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Issuer.Before = (_, _) =>
        {
            renewal.TrySetResult();
            return Task.FromResult(false);
        };
        world.Time.Advance(TimeSpan.FromSeconds(5));
        (await tokens.GetTokenAsync("orders-client")).AccessToken.ShouldBe("opaque~1");
        await renewal.Task;
        world.Time.Advance(TimeSpan.FromSeconds(45));
        (await tokens.GetTokenAsync("orders-client")).AccessToken.ShouldBe("opaque~2");
    }

    [Fact]
    public async Task Gives_no_token_out_past_its_end()
    {
        await using World world = await World.CreateAsync();
        IHoldfastTokens tokens = world.Provider().GetRequiredService<IHoldfastTokens>();
        await tokens.GetTokenAsync("orders-client");
        world.Issuer.Before = (_, context) => FakeIssuer.Refuse(context, "temporarily_unavailable", status: 503);
        world.Time.Advance(TimeSpan.FromSeconds(300));
        var thrown = await Should.ThrowAsync<HoldfastClientException>(async () => await tokens.GetTokenAsync("orders-client"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.TokenServerUnavailable);
    }

    [Fact]
    public async Task Is_not_deceived_by_a_wall_clock_that_is_set_back()
    {
        await using World world = await World.CreateAsync();
        IHoldfastTokens tokens = world.Provider().GetRequiredService<IHoldfastTokens>();
        await tokens.GetTokenAsync("orders-client");
        world.Time.Advance(TimeSpan.FromSeconds(300));
        world.Time.StepWall(TimeSpan.FromHours(-1));
        (await tokens.GetTokenAsync("orders-client")).AccessToken.ShouldBe("opaque~2");
    }

    [Fact]
    public async Task Starts_anew_after_a_failure()
    {
        await using World world = await World.CreateAsync();
        IHoldfastTokens tokens = world.Provider().GetRequiredService<IHoldfastTokens>();
        world.Issuer.Before = (_, context) => FakeIssuer.Refuse(context, "invalid_client");
        await Should.ThrowAsync<HoldfastClientException>(async () => await tokens.GetTokenAsync("orders-client"));
        world.Issuer.Before = (_, _) => Task.FromResult(false);
        (await tokens.GetTokenAsync("orders-client")).AccessToken.ShouldBe("opaque~1");
    }
}
