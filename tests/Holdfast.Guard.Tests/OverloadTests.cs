using Holdfast.AspNetCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Holdfast.Guard.Tests;

/// <summary>A guard with too much to do says so, and is alive.</summary>
public sealed class OverloadTests
{
    private readonly VerifierGate _gate = new(Options.Create(new VerifierGateOptions { MaxConcurrentVerifications = 1 }), new ManualTimeProvider());

    // FWD-59: what cannot be decided is refused.
    [Fact]
    public async Task Answers_503_while_full_spends_no_proof_and_stays_alive()
    {
        await using TestGuard guard = await TestGuard.StartAsync(services: services => services.AddSingleton(_gate));
        string[] credentials = guard.Credentials("GET", "/orders");
        (await _gate.EnterAsync(VerifierRole.ResourceServer, "another")).ShouldBeNull();

        GuardAnswer answer = await guard.AskNginxAsync("GET", "/orders", credentials);

        answer.Meant.ShouldBe(503);
        answer.Failure.ShouldBe("verifier_overloaded");
        answer.Context.ShouldBeEmpty();
        answer.Challenges.ShouldBeEmpty();
        answer.Lines("Retry-After").ShouldHaveSingleItem();
        guard.Recorded.Signals.ShouldHaveSingleItem().Resource.ShouldBe("orders");
        (await guard.SendAsync("GET /health/live HTTP/1.1", ["Host: guard"])).Status.ShouldBe(200);

        _gate.Exit();
        (await guard.AskNginxAsync("GET", "/orders", credentials)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("", 4_096, 16)]
    [InlineData("\nmax_concurrent_verifications: 1\nmax_backlog_per_processor: 2", 1, 2)]
    [InlineData("\nmax_backlog_per_processor: 0", 4_096, null)]
    public void Its_bounds_are_configured(string lines, int atOnce, int? backlog)
    {
        using var folder = new TemporaryFolder();
        folder.Write("secret", TestGuard.Secret + "\n");

        GuardConfig config = GuardConfig.TryRead(TestGuard.Yaml + lines, folder.Path, _ => null, out _)!;

        (config.MaxConcurrentVerifications, config.MaxBacklogPerProcessor).ShouldBe((atOnce, backlog));
    }

    // FWD-59: while an issuer does not answer, no more than so many wait for it.
    [Fact]
    public async Task A_bound_that_is_configured_is_in_force()
    {
        var keys = new TaskCompletionSource();
        await using TestGuard guard = await TestGuard.StartAsync(yaml => yaml + "\nmax_concurrent_verifications: 1\ndecision_timeout: 30s", new TestIssuer { Gate = keys.Task });

        Task<GuardAnswer>[] both = [guard.AskAsHonestAsync(), guard.AskAsHonestAsync()];
        (await await Task.WhenAny(both)).Failure.ShouldBe("verifier_overloaded");
        keys.SetResult();

        (await Task.WhenAll(both)).Count(answer => answer.Status == 200).ShouldBe(1);
    }

    [Fact]
    public async Task Every_kind_of_answer_leaves_the_gate()
    {
        await using TestGuard guard = await TestGuard.StartAsync(services: services => services.AddSingleton(_gate));

        (await guard.AskAsHonestAsync()).Status.ShouldBe(200);
        (await guard.AskNginxAsync("GET", "/orders", "Authorization: DPoP garbage")).Meant.ShouldBe(401);
        (await guard.AskNginxAsync("GET", "/orders")).Meant.ShouldBe(401);
        (await guard.AskNginxAsync("GET", "/orders?access_token=a", guard.Credentials("GET", "/orders"))).Meant.ShouldBe(400);

        (await guard.AskAsHonestAsync()).Status.ShouldBe(200);
    }
}
