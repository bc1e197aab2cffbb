using System.Diagnostics.Metrics;
using System.Net;
using Holdfast.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore.Tests.Load;

public class VerifierGateTests
{
    private static VerifierGate Gate(int atOnce = 2, Func<long>? pending = null, ManualTimeProvider? clock = null) =>
        new(Options.Create(new VerifierGateOptions { MaxConcurrentVerifications = atOnce }), clock ?? new(), pending ?? (static () => 0));

    private static ValueTask<Refusal?> EnterAsync(VerifierGate gate) => gate.EnterAsync(VerifierRole.ResourceServer, "orders");

    [Fact]
    public async Task Lets_no_more_in_than_the_limit_and_another_one_for_each_that_leaves()
    {
        VerifierGate gate = Gate();
        (await EnterAsync(gate)).ShouldBeNull();
        (await EnterAsync(gate)).ShouldBeNull();

        (await EnterAsync(gate))!.Failure.ShouldBe(VerificationFailure.VerifierOverloaded);
        (await EnterAsync(gate))!.Failure.ShouldBe(VerificationFailure.VerifierOverloaded);

        gate.Exit();
        (await EnterAsync(gate)).ShouldBeNull();
        (await EnterAsync(gate)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Counts_what_it_sheds_by_reason_and_as_nothing_else()
    {
        List<string> counted = [];
        using var listener = new MeterListener { InstrumentPublished = (instrument, all) => { if (instrument.Meter.Name == VerifierMeter.Name) all.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) =>
        {
            Dictionary<string, object?> all = new(tags.ToArray());
            if ("gate-meter".Equals(all.GetValueOrDefault("resource")))
                counted.Add($"{instrument.Name} {all.GetValueOrDefault("role")} {all.GetValueOrDefault("reason")}");
        });
        listener.Start();
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Options = options => options.ResourceName = "gate-meter",
            ServicesBefore = services => services.AddSingleton(Full()),
        });

        await api.GetAsync("/orders");

        counted.ShouldBe(["holdfast.verifications.shed resource concurrency"]);
    }

    [Fact]
    public async Task Refuses_for_the_backlog_of_the_pool_whatever_is_in_flight()
    {
        var clock = new ManualTimeProvider();
        VerifierGate gate = Gate(pending: () => (17 * Environment.ProcessorCount), clock: clock);
        for (int i = 0; i < 10; i++)
        {
            (await EnterAsync(gate)).ShouldBeNull();
            gate.Exit();
            clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        (await EnterAsync(gate))!.Expected.ShouldBe($"at most {16 * Environment.ProcessorCount} work items waiting for a thread");
    }

    [Fact]
    public async Task A_full_node_answers_503_before_it_looks_at_anything()
    {
        await using TestApi api = await TestApi.StartAsync(new() { ServicesBefore = services => services.AddSingleton(Full()) });

        // A body that says it is longer than what comes would hold a request that read it.
        HttpResponseMessage response = await api.SendAsync(HttpMethod.Post, "/orders", "DPoP garbage", "garbage", new StringContent("a=b", null, "application/x-www-form-urlencoded"));

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter.ShouldNotBeNull();
        response.Headers.WwwAuthenticate.ShouldBeEmpty();
        api.Recorded.Failure.ShouldBe(VerificationFailure.VerifierOverloaded);
        api.Issuer.KeySetRequests.ShouldBe(0);
    }

    [Fact]
    public async Task A_shed_proof_is_not_spent()
    {
        VerifierGate gate = Full();
        await using TestApi api = await TestApi.StartAsync(new() { ServicesBefore = services => services.AddSingleton(gate) });
        string token = api.BoundToken();
        TestProof proof = api.Proof("GET", "/orders", token);
        (await api.GetAsync("/orders", token, proof)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);

        gate.Exit();

        (await api.GetAsync("/orders", token, proof)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_full_node_still_serves_what_needs_no_verification()
    {
        await using TestApi api = await TestApi.StartAsync(new() { ServicesBefore = services => services.AddSingleton(Full()) });

        (await api.SendAsync(HttpMethod.Get, "/open", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Every_kind_of_answer_leaves_the_gate()
    {
        VerifierGate gate = Gate(atOnce: 1);
        await using TestApi api = await TestApi.StartAsync(new() { ServicesBefore = services => services.AddSingleton(gate) });
        string token = api.BoundToken();

        (await api.GetAsync("/orders", token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.GetAsync("/orders", "garbage")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await api.SendAsync(HttpMethod.Get, "/orders", null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await api.SendAsync(HttpMethod.Get, "/orders?access_token=a", $"DPoP {token}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        (await api.GetAsync("/orders", token)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(0, 1, "MaxConcurrentVerifications")]
    [InlineData(1, 0, "MaxBacklogPerProcessor")]
    public async Task Bounds_of_nothing_stop_the_start(int atOnce, int backlog, string setting)
    {
        OptionsValidationException stopped = await Should.ThrowAsync<OptionsValidationException>(() => TestApi.StartAsync(new()
        {
            Services = services => services.Configure<VerifierGateOptions>(o => (o.MaxConcurrentVerifications, o.MaxBacklogPerProcessor) = (atOnce, backlog)),
        }));

        stopped.Failures.ShouldHaveSingleItem().ShouldStartWith(setting);
    }

    [Fact]
    public async Task Without_a_bound_no_backlog_is_too_long()
    {
        var clock = new ManualTimeProvider();
        var gate = new VerifierGate(Options.Create(new VerifierGateOptions { MaxBacklogPerProcessor = null }), clock, static () => long.MaxValue - 1);
        for (int i = 0; i < 100; i++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(10));
            (await EnterAsync(gate)).ShouldBeNull();
            gate.Exit();
        }
    }

    private static VerifierGate Full()
    {
        VerifierGate gate = Gate(atOnce: 1);
        EnterAsync(gate).AsTask().IsCompletedSuccessfully.ShouldBeTrue();
        return gate;
    }
}
