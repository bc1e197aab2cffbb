using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore.Tests;

/// <summary>A made-up proof must be accepted once and refused the second time: at the start, and whenever somebody asks.</summary>
public sealed class ReplaySelfTestTests
{
    // DPOP-V-27
    [Theory]
    [InlineData(NonceMode.OnDemand)]
    [InlineData(NonceMode.Always)]
    public async Task Does_not_start_with_a_store_that_forgets(NonceMode nonces)
    {
        InvalidOperationException failure = await Should.ThrowAsync<InvalidOperationException>(
            async () => await (await StartAsync(store => store.Answer = ReplayResult.Added, options => options.NonceMode = nonces)).DisposeAsync());

        failure.Message.ShouldContain("accepted a made-up proof twice");
    }

    // DPOP-V-28: nodes of which one reads nonces and another does not would file one proof under two anchors.
    [Fact]
    public async Task Does_not_start_without_nonces_where_records_are_shared() =>
        (await Should.ThrowAsync<OptionsValidationException>(async () => await (await StartAsync(options: options => options.NonceMode = NonceMode.Off)).DisposeAsync()))
            .Failures.ShouldHaveSingleItem().ShouldStartWith("NonceMode: Off");

    // DPOP-V-27: each scheme has a verifier of its own.
    [Fact]
    public async Task Does_not_start_where_the_store_keeps_what_one_scheme_files_and_forgets_what_another_does() =>
        await Should.ThrowAsync<InvalidOperationException>(async () => await (await TestApi.StartAsync(new()
        {
            Services = services => services.Replace(ServiceDescriptor.Singleton<IReplayStore, ForgetsTheSecond>()).AddAuthentication("Holdfast").AddHoldfast("Second", options =>
            {
                options.Issuer = "https://issuer.example";
                options.Audience = TestApi.Url;
                options.NonceMode = NonceMode.OnDemand;
            }),
        })).DisposeAsync());

    // AT-16: the made-up proof is signed with what the resource takes.
    [Theory]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("PS256")]
    [InlineData("RS256")]
    public async Task Signs_with_an_algorithm_that_the_resource_takes(string algorithm)
    {
        await using TestApi api = await StartAsync(options: options => options.Algorithms = [algorithm]);

        (await HealthAsync(api)).Status.ShouldBe(HealthStatus.Healthy);
    }

    // DPOP-V-32
    [Theory]
    [InlineData(ReplayResult.Unavailable)]
    [InlineData(ReplayResult.Full)]
    [InlineData(ReplayResult.Replayed)]
    public async Task Starts_and_is_unhealthy_while_the_store_takes_no_proof(ReplayResult answer)
    {
        await using TestApi api = await StartAsync(store => store.Answer = answer);

        (await HealthAsync(api)).Status.ShouldBe(HealthStatus.Unhealthy);
        api.Recorded.Lines.Count(line => line.Level == LogLevel.Warning).ShouldBe(1);

        Store(api).Answer = null;
        api.Clock.Advance(TimeSpan.FromSeconds(1));
        (await HealthAsync(api)).Status.ShouldBe(HealthStatus.Healthy);
    }

    // DPOP-V-32
    [Fact]
    public async Task Says_what_the_store_says_of_itself()
    {
        await using TestApi api = await StartAsync();
        (Store(api).Answer, Store(api).WhyNotReady) = (ReplayResult.Unavailable, "the database is on holiday");
        api.Clock.Advance(TimeSpan.FromSeconds(1));

        (HealthStatus status, string? description) = await HealthAsync(api);

        status.ShouldBe(HealthStatus.Unhealthy);
        description.ShouldBe("the database is on holiday");
    }

    // DPOP-V-32: a proof is still accepted once, by nonces and records of this process.
    [Fact]
    public async Task Is_degraded_and_no_worse_where_it_goes_on_without_the_shared_records()
    {
        await using TestApi api = await StartAsync();
        Store(api).WhyNotReady = "the database is on holiday";
        api.Clock.Advance(TimeSpan.FromSeconds(1));

        (await HealthAsync(api)).ShouldBe((HealthStatus.Degraded, "the database is on holiday"));
    }

    // DPOP-V-27
    [Fact]
    public async Task Is_unhealthy_and_alarmed_once_a_replay_is_accepted()
    {
        await using TestApi api = await StartAsync();
        (await HealthAsync(api)).Status.ShouldBe(HealthStatus.Healthy);

        Store(api).Answer = ReplayResult.Added;
        for (int i = 0; i < 3; i++)
        {
            api.Clock.Advance(TimeSpan.FromSeconds(1));
            (await HealthAsync(api)).Status.ShouldBe(HealthStatus.Unhealthy);
        }
        // Told when it changes, and not by everybody who asks.
        api.Recorded.Lines.Count(line => line.Level == LogLevel.Critical).ShouldBe(1);
    }

    // DPOP-V-28: without nonces nothing mends a proof that a predecessor may have accepted.
    [Fact]
    public async Task Is_unhealthy_behind_a_fence_that_no_nonce_lifts()
    {
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Options = options => options.NonceMode = NonceMode.Off,
            ServicesBefore = services => services.RemoveAll<IReplayStore>(),
            Services = services => services.AddHealthChecks().AddHoldfastReplay(),
        });
        (HealthStatus status, string? description) = await HealthAsync(api);
        (status, description).ShouldBe((HealthStatus.Unhealthy, "proofs may have been accepted before the start"));

        api.Clock.Advance(TimeSpan.FromSeconds(71));
        (await HealthAsync(api)).Status.ShouldBe(HealthStatus.Healthy);
    }

    // DPOP-V-32
    [Fact]
    public async Task A_store_that_throws_or_never_answers_neither_stops_the_start_nor_passes()
    {
        await using TestApi broken = await StartAsync(store => store.Failure = new FormatException("broken"));
        (await HealthAsync(broken)).Status.ShouldBe(HealthStatus.Unhealthy);

        // Generous: it only bounds a hang.
        await using TestApi silent = await StartAsync(store => store.Gate = new TaskCompletionSource().Task).WaitAsync(TimeSpan.FromMinutes(1));
        (await HealthAsync(silent)).Status.ShouldBe(HealthStatus.Unhealthy);
    }

    // Whoever may ask for the health of a server must not be able to make it work.
    [Fact]
    public async Task Runs_at_most_once_a_second_however_many_ask()
    {
        await using TestApi api = await StartAsync();
        Store(api).Calls.ShouldBe(2);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => HealthAsync(api)));
        Store(api).Calls.ShouldBe(2);

        api.Clock.Advance(TimeSpan.FromMilliseconds(999));
        await HealthAsync(api);
        Store(api).Calls.ShouldBe(2);

        api.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => HealthAsync(api)));
        Store(api).Calls.ShouldBe(4);
    }

    // DPOP-V-32: it has a key, and so a quota, of its own.
    [Fact]
    public async Task Takes_nothing_from_honest_callers_and_is_in_no_signal_and_no_meter()
    {
        int counted = 0;
        string name = $"self-test {Guid.NewGuid():N}";
        using var listener = new MeterListener { InstrumentPublished = static (instrument, self) => { if (instrument.Meter.Name == VerifierMeter.Name) self.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                if (tag.Value as string == name)
                    Interlocked.Add(ref counted, (int)value);
            }
        });
        listener.Start();
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Options = options => (options.ResourceName, options.SingleInstance, options.ReplayCapacity, options.ReplayQuotaPerKey) = (name, true, 4, 2),
            ServicesBefore = services => services.RemoveAll<IReplayStore>(),
            Services = services => services.AddHealthChecks().AddHoldfastReplay(),
        });
        api.Clock.Advance(TimeSpan.FromMinutes(3));
        await HealthAsync(api);
        api.Recorded.Signals.ShouldBeEmpty();
        counted.ShouldBe(0);

        (await api.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        counted.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Says_that_nothing_here_verifies_proofs()
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance).AddLogging().AddHealthChecks().AddHoldfastReplay();
        await using ServiceProvider provider = services.BuildServiceProvider();

        HealthCheckService health = provider.GetRequiredService<HealthCheckService>();

        (await Should.ThrowAsync<InvalidOperationException>(() => health.CheckHealthAsync())).Message.ShouldStartWith("AddHoldfastReplay:");
    }

    private static Task<TestApi> StartAsync(Action<FakeSharedStore>? store = null, Action<HoldfastOptions>? options = null) => TestApi.StartAsync(new()
    {
        Options = options,
        Services = services =>
        {
            services.Replace(ServiceDescriptor.Singleton<IReplayStore>(provider =>
            {
                var made = new FakeSharedStore(provider.GetRequiredService<VerifierClock>());
                store?.Invoke(made);
                return made;
            }));
            services.AddHealthChecks().AddHoldfastReplay();
        },
    });

    private static FakeSharedStore Store(TestApi api) => (FakeSharedStore)api.Services.GetRequiredService<IReplayStore>();

    private static async Task<(HealthStatus Status, string? Description)> HealthAsync(TestApi api)
    {
        HealthReport report = await api.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        return (report.Entries["holdfast-replay"].Status, report.Entries["holdfast-replay"].Description);
    }

    // Its first proof is spent as it should be.
    private sealed class ForgetsTheSecond(VerifierClock clock) : IReplayStore
    {
        private readonly FakeSharedStore _records = new(clock);

        public ValueTask<ReplayResult> TryAddAsync(ReplayRecord record, CancellationToken cancellationToken) =>
            _records.Calls < 2 ? _records.TryAddAsync(record, cancellationToken) : new(ReplayResult.Added);
    }
}
