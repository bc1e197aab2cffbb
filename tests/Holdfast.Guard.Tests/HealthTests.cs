using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Guard.Tests;

/// <summary>Alive is one thing, ready another.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task Is_live_and_not_ready_while_the_keys_of_an_issuer_were_never_obtained()
    {
        var gate = new TaskCompletionSource();
        var issuer = new TestIssuer { Gate = gate.Task };
        await using TestGuard guard = await TestGuard.StartAsync(issuer: issuer);

        (await GetAsync(guard, "/health/live")).Status.ShouldBe(200);
        GuardAnswer waiting = await GetAsync(guard, "/health/ready");
        waiting.Status.ShouldBe(503);
        waiting.Body.ShouldContain("https://issuer.example");
        waiting.Lines("Cache-Control").ShouldBe(["no-store"]);

        gate.SetResult();
        // The fetch that began at the start ends by itself; the first request waits for it.
        (await guard.AskAsHonestAsync()).Status.ShouldBe(200);
        (await GetAsync(guard, "/health/ready")).Status.ShouldBe(200);
    }

    // DPOP-V-28: without nonces nothing mends a proof that a predecessor may have accepted.
    [Fact]
    public async Task Is_not_ready_behind_the_restart_fence_where_nonces_are_off()
    {
        await using TestGuard guard = await TestGuard.StartAsync(yaml => yaml.Replace("nonces: on-demand", "nonces: off"), isFenced: true);
        await guard.AskNginxAsync("GET", "/orders", $"Authorization: Bearer {guard.BearerToken()}");

        (await GetAsync(guard, "/health/ready")).Body.ShouldContain("before the restart");
        guard.Clock.Advance(TimeSpan.FromSeconds(71));
        (await GetAsync(guard, "/health/ready")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Is_ready_behind_the_fence_where_a_nonce_mends_it()
    {
        await using TestGuard guard = await TestGuard.StartAsync(isFenced: true);
        GuardAnswer challenged = await guard.AskAsHonestAsync();
        guard.Recorded.Signals.ShouldHaveSingleItem().Failure.Failure.ShouldBe(VerificationFailure.ProofFenced);
        challenged.Nonce.ShouldNotBeNull();
        (await GetAsync(guard, "/health/ready")).Status.ShouldBe(200);
        (await guard.AskNginxAsync("GET", "/orders", guard.Credentials("GET", "/orders", challenged.Nonce))).Status.ShouldBe(200);
    }

    // DPOP-V-32: and whoever asks is not told of the database.
    [Theory]
    [InlineData(ReplayResult.Unavailable)]
    [InlineData(ReplayResult.Full)]
    public async Task Is_not_ready_while_the_replay_store_takes_no_proof(ReplayResult answer)
    {
        var store = new FixedStore { Answer = answer };
        await using TestGuard guard = await TestGuard.StartAsync(services: services => services.AddSingleton<IReplayStore>(store));
        await guard.AskNginxAsync("GET", "/orders", $"Authorization: Bearer {guard.BearerToken()}");

        GuardAnswer refused = await GetAsync(guard, "/health/ready");
        refused.Status.ShouldBe(503);
        refused.Body.ShouldBe("not ready: the replay store does not take a proof\n");
        (await guard.AskAsHonestAsync()).Meant.ShouldBe(503);

        store.Answer = null;
        (await GetAsync(guard, "/health/ready")).Status.ShouldBe(503);
        guard.Clock.Advance(TimeSpan.FromSeconds(1));
        (await GetAsync(guard, "/health/ready")).Status.ShouldBe(200);
        int calls = store.Calls;
        for (int i = 0; i < 20; i++)
            (await GetAsync(guard, "/health/ready")).Status.ShouldBe(200);
        store.Calls.ShouldBe(calls);

        // DPOP-V-27
        store.Answer = ReplayResult.Added;
        guard.Clock.Advance(TimeSpan.FromSeconds(1));
        (await GetAsync(guard, "/health/ready")).Body.ShouldBe("not ready: the replay store accepts a proof twice\n");
    }

    // DPOP-V-27
    [Fact]
    public Task Does_not_start_with_a_replay_store_that_forgets() =>
        RefusesAsync(null, services => services.AddSingleton<IReplayStore>(new FixedStore { Answer = ReplayResult.Added }), "accepted a made-up proof twice");

    // DPOP-V-29: what was meant to be shared is not kept by each for itself because nobody wired it.
    [Fact]
    public Task Does_not_start_where_records_are_to_be_shared_and_nobody_brings_the_store() =>
        RefusesAsync("\nreplay: { postgresql: { connection_string: { file: secret } } }", null, "this host brings no store for it");

    // DPOP-V-29
    [Fact]
    public async Task Does_not_start_where_several_guards_would_each_accept_a_proof()
    {
        await RefusesAsync("\nreplicas: 2", null, "replicas: 2 guards");
        await RefusesAsync("\nreplicas: 2", services => services.AddKeyedSingleton<IDPoPNonces>(VerifierRole.ResourceServer,
            (provider, _) => new DPoPNonces(provider.GetRequiredService<VerifierClock>(), VerifierRole.ResourceServer, new byte[32])), "the key of their nonces", "nonces: always");
        // A store of the host's own is shared or not as the host says.
        await using TestGuard guard = await TestGuard.StartAsync(yaml => yaml + "\nreplicas: 2", services: services => services.AddSingleton<IReplayStore>(new FixedStore()));
    }

    private static async Task RefusesAsync(string? settings, Action<IServiceCollection>? services, string expected, string nonces = "nonces: on-demand")
    {
        using var folder = new TemporaryFolder();
        GuardStartupException failure = await Should.ThrowAsync<GuardStartupException>(
            async () => await (await TestGuard.StartAsync(yaml => yaml.Replace("nonces: on-demand", nonces) + settings, services: services, folder: folder)).DisposeAsync());
        failure.Message.ShouldContain(expected);
    }

    private sealed class FixedStore : IReplayStore
    {
        private readonly HashSet<ReplayKey> _known = [];

        public ReplayResult? Answer { get; set; }

        public int Calls { get; private set; }

        public ValueTask<ReplayResult> TryAddAsync(ReplayRecord record, CancellationToken cancellationToken)
        {
            Calls++;
            return new(Answer ?? (_known.Add(record.Key) ? ReplayResult.Added : ReplayResult.Replayed));
        }
    }

    // FWD-59
    [Fact]
    public async Task Refuses_what_cannot_be_decided_in_time()
    {
        await using TestGuard guard = await TestGuard.StartAsync(yaml => yaml + "\ndecision_timeout: 100ms", new TestIssuer { Gate = new TaskCompletionSource().Task });
        // Generous: it only bounds a hang.
        GuardAnswer answer = await guard.AskAsHonestAsync().WaitAsync(TimeSpan.FromMinutes(1));
        answer.Meant.ShouldBe(503);
        answer.Failure.ShouldBe("issuer_unavailable");
        answer.Context.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("GET /authorize HTTP/1.1")]
    [InlineData("GET /authorize/nginx/x HTTP/1.1")]
    [InlineData("GET /.well-known/../authorize/nginx HTTP/1.1")]
    [InlineData("GET /health/ready/ HTTP/1.1")]
    [InlineData("POST /.well-known/jwks.json HTTP/1.1")]
    [InlineData("GET / HTTP/1.1")]
    public async Task Answers_nothing_else(string line)
    {
        await using TestGuard guard = await TestGuard.StartAsync();
        (await guard.SendAsync(line, ["Host: guard", "Content-Length: 0"])).Status.ShouldBe(404);
    }

    // Proxies send no body along; one that does is not waited for.
    [Fact]
    public async Task Never_waits_for_a_body()
    {
        await using TestGuard guard = await TestGuard.StartAsync();
        string[] lines = [.. TestGuard.NginxLines(), .. guard.Credentials("GET", "/orders")];
        (await guard.SendAsync("GET /authorize/nginx HTTP/1.1", [.. lines, "Content-Length: 4"])).Status.ShouldBe(200);
        lines = [.. TestGuard.NginxLines(), .. guard.Credentials("GET", "/orders")];
        (await guard.SendAsync("POST /authorize/nginx HTTP/1.1", [.. lines, "Content-Length: 1000000000"])).Status.ShouldBe(200);
    }

    private static Task<GuardAnswer> GetAsync(TestGuard guard, string path) => guard.AskAsync(path, ["Host: guard"]);
}
