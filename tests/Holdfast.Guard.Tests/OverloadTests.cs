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
