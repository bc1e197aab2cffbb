using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.AspNetCore.Tests;

public class SignalTests
{
    // DPOP-RS-30
    [Fact]
    public async Task Logs_a_refusal_once_with_everything_but_the_secrets()
    {
        await using TestApi api = await TestApi.StartAsync();
        string token = api.BoundToken();
        string proof = api.Proof("POST", "/orders", token).Sign();

        await api.SendAsync(HttpMethod.Get, "/orders?secret=1", $"DPoP {token}", proof);

        (LogLevel level, string text) = api.Recorded.Lines.Where(line => line.Text.StartsWith("Refused")).ShouldHaveSingleItem();
        level.ShouldBe(LogLevel.Warning);
        text.ShouldContain("method_mismatch");
        text.ShouldContain("orders-client");
        text.ShouldContain(api.Key.Thumbprint);
        text.ShouldContain("expected GET, seen POST");
        text.ShouldContain("GET /orders,");
        api.Recorded.Lines.ShouldNotContain(line => line.Text.Contains(token) || line.Text.Contains(proof) || line.Text.Contains("secret"));
    }

    // DPOP-RS-30
    [Fact]
    public async Task A_path_cannot_forge_a_log_line()
    {
        await using TestApi api = await TestApi.StartAsync();
        string token = api.BoundToken();

        await api.GetAsync("/orders/%0d%0aRefused:%20nobody", token, api.Proof("GET", "/", token));

        api.Recorded.Lines.ShouldAllBe(line => !line.Text.Contains('\n'));
        api.Recorded.Signals.Single().Path.ShouldBe("/orders/%0D%0ARefused:%20nobody");
    }

    [Fact]
    public async Task An_observer_that_throws_changes_no_answer()
    {
        await using TestApi api = await TestApi.StartAsync(new() { ServicesBefore = services => services.AddSingleton<IVerificationObserver, Thrower>() });

        (await api.GetAsync("/orders", api.BearerToken())).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        api.Recorded.Lines.ShouldContain(line => line.Level == LogLevel.Error && line.Text.Contains("Thrower"));
        api.Recorded.Signals.Count.ShouldBe(1);
    }

    private sealed class Thrower : IVerificationObserver
    {
        public void Observed(VerificationSignal signal) => throw new InvalidOperationException("broken");
    }

    // DPOP-RS-30
    [Fact]
    public async Task A_nonce_challenge_is_no_warning()
    {
        await using TestApi api = await TestApi.StartAsync(new() { Options = options => options.NonceMode = NonceMode.Always });

        await api.GetAsync("/orders");

        api.Recorded.Lines.Where(line => line.Text.StartsWith("Refused")).ShouldHaveSingleItem().Level.ShouldBe(LogLevel.Debug);
        api.Recorded.Signals.Single().Failure.Severity.ShouldBe(FailureSeverity.Expected);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_503()
    {
        await using TestApi api = await TestApi.StartAsync(new()
        {
            ServicesBefore = services => services.AddSingleton<IReplayStore>(new FixedStore(ReplayResult.Unavailable)),
        });

        HttpResponseMessage response = await api.GetAsync("/orders");

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter.ShouldNotBeNull();
        api.Recorded.Failure.ShouldBe(VerificationFailure.ReplayStoreUnavailable);
    }

    private sealed class FixedStore(ReplayResult result) : IReplayStore
    {
        public ValueTask<ReplayResult> TryAddAsync(ReplayRecord record, CancellationToken cancellationToken) => new(result);
    }
}
