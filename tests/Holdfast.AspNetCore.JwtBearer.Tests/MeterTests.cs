using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;

namespace Holdfast.AspNetCore.JwtBearer.Tests;

/// <summary>What an operator counts before the switch from observe to require: the instrument <c>holdfast.refusals</c>.</summary>
public sealed class MeterTests : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<string> _counted = [];
    private readonly string _resource = $"orders-{Guid.NewGuid():N}";

    public MeterTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Meter.Name: VerifierMeter.Name, Name: "holdfast.refusals" })
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            Dictionary<string, object?> all = new(tags.ToArray());
            if (Equals(all["resource"], _resource))
                _counted.Enqueue($"{count} {all["client"]} {all["route"]} {all["failure"]} {all["mode"]} {all["outcome"]}");
        });
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    private Task<BearerApi> StartAsync(Action<SenderConstraintOptions> constraint) => BearerApi.StartAsync(new()
    {
        Constraint = options =>
        {
            options.ResourceName = _resource;
            constraint(options);
        },
        Endpoints = app => app.MapGet("/strict/{id}", () => "").RequireSenderConstraint(),
    });

    [Fact]
    public async Task Counts_by_client_and_route_what_require_would_refuse()
    {
        await using BearerApi api = await StartAsync(options => options.Observe());

        await api.SendAsync("/orders/7", $"Bearer {api.UnboundToken()}");
        await api.SendAsync("/orders/8", $"Bearer {api.UnboundToken("batch")}");
        await api.SendAsync("/strict/9", $"Bearer {api.UnboundToken()}");
        await api.SendAsync("/orders", $"Bearer {api.Token()}");
        await api.GetAsync("/orders");

        _counted.ShouldBe(
        [
            "1 orders-client /orders/{id} unbound_token observe passed",
            "1 batch /orders/{id} unbound_token observe passed",
            "1 orders-client /strict/{id} unbound_token require refused",
            "1 orders-client /orders bound_token_as_bearer observe refused",
        ]);
    }

    [Fact]
    public async Task Counts_the_refusals_and_the_exempt_of_require()
    {
        await using BearerApi api = await StartAsync(options => options.Exemptions.Add(new("old", "batch", new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero))));

        await api.SendAsync("/orders", $"Bearer {api.UnboundToken()}");
        await api.SendAsync("/orders", $"Bearer {api.UnboundToken("batch")}");
        await api.SendAsync("/no-such-path", $"Bearer {api.Token()}");
        await api.SendAsync("/orders", "Bearer nonsense");

        _counted.ShouldBe(
        [
            "1 orders-client /orders unbound_token require refused",
            "1 batch /orders unbound_token require passed",
            "1 orders-client none bound_token_as_bearer require refused",
            "1 unknown /orders token_malformed require refused",
        ]);
    }

    [Fact]
    public async Task Counts_neither_requests_without_credentials_nor_challenges_for_a_nonce()
    {
        await using BearerApi api = await StartAsync(options => options.NonceMode = NonceMode.Always);

        await api.SendAsync("/orders", null);
        await api.SendAsync("/orders", "Basic dTpw");
        await api.GetAsync("/orders");

        _counted.ShouldBeEmpty();
    }

    [Fact]
    public async Task Tells_a_thousand_clients_apart_and_counts_the_rest_as_one()
    {
        await using BearerApi api = await StartAsync(options => options.Observe());
        // Those of the other tests are among the thousand, whatever the order.
        foreach (string client in new[] { "orders-client", "batch" })
            await api.SendAsync("/orders", $"Bearer {api.UnboundToken(client)}");

        for (int i = 0; i < 1_010; i++)
            await api.SendAsync("/orders", $"Bearer {api.UnboundToken($"client-{i}")}");

        string[] clients = [.. _counted.Select(line => line.Split(' ')[1]).Distinct()];
        clients.Length.ShouldBeLessThanOrEqualTo(1_001);
        clients.ShouldContain("other");
    }
}
