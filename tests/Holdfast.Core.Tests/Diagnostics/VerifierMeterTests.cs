using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Holdfast.Core.Tests;

public sealed class VerifierMeterTests : IAccessTokenVerifier, IDisposable
{
    // Meters are the process's: only what carries this test's own resource name is its own.
    private readonly ResourceConfig _resource = new()
    {
        Name = $"metered-{Guid.NewGuid():N}", Issuer = "https://issuer.example", Audience = "https://api.example.com",
    };
    private readonly ProofBench _bench = new(NonceMode.OnDemand);
    private readonly MeterListener _meters = new();
    private readonly List<(string Instrument, double Value, Dictionary<string, object?> Tags)> _measured = [];

    public VerifierMeterTests()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == VerifierMeter.Name)
                listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meters.Start();
    }

    public void Dispose() => _meters.Dispose();

    public ValueTask<AccessTokenResult> VerifyAsync(string token, ResourceConfig resource, CancellationToken cancellationToken) =>
        ValueTask.FromResult(AccessTokenResult.Verified(new AccessToken
        {
            Issuer = resource.Issuer, Subject = "c", ClientId = "c", ExpiresAt = _bench.Time.GetUtcNow().AddMinutes(5),
            Confirmation = new Confirmation { Jkt = _bench.Proof().Thumbprint },
        }));

    [Fact]
    public async Task Counts_an_acceptance_and_the_age_of_its_proof()
    {
        await VerifyAsync(_bench.Proof().With("iat", _bench.Time.GetUtcNow().ToUnixTimeSeconds() - 7));

        (string instrument, double value, Dictionary<string, object?> tags) = _measured.Single(one => one.Instrument == "holdfast.verifications");
        (instrument, value, tags["role"], tags["outcome"], tags["failure"]).ShouldBe(("holdfast.verifications", 1, "resource", "accepted", null));
        _measured.Single(one => one.Instrument == "holdfast.proof.age").Value.ShouldBe(7);
    }

    // DPOP-RS-30
    [Fact]
    public async Task Counts_a_refusal_by_failure_and_severity_and_no_age_for_it()
    {
        await VerifyAsync(_bench.Proof().With("htm", "POST"));

        (string instrument, _, Dictionary<string, object?> tags) = _measured.ShouldHaveSingleItem();
        (instrument, tags["outcome"], tags["failure"], tags["severity"]).ShouldBe(("holdfast.verifications", "refused", "method_mismatch", "Misconfiguration"));
    }

    [Fact]
    public async Task Counts_a_challenge_apart_and_never_as_a_refusal()
    {
        await VerifyAsync(_bench.Proof().With("iat", 1));

        (string instrument, _, Dictionary<string, object?> tags) = _measured.ShouldHaveSingleItem();
        (instrument, tags["failure"]).ShouldBe(("holdfast.challenges", "proof_expired"));
    }

    [Fact]
    public async Task Describes_a_verification_as_an_activity()
    {
        List<Activity> stopped = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == VerifierMeter.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = stopped.Add,
        };
        ActivitySource.AddActivityListener(listener);
        using var parent = new Activity("test").Start();

        await VerifyAsync(_bench.Proof().With("htm", "POST"));

        Activity activity = stopped.Where(one => one.TraceId == parent.TraceId).ShouldHaveSingleItem();
        (activity.OperationName, activity.Status, activity.GetTagItem("holdfast.failure")).ShouldBe(("holdfast.verify", ActivityStatusCode.Error, "method_mismatch"));
    }

    private async Task VerifyAsync(ForgedProof proof)
    {
        HttpTarget.TryParse(ProofBench.Url, out HttpTarget target);
        var request = new PresentedRequest { Method = "GET", Targets = [target], Authorization = "DPoP " + ProofBench.Token, DPoP = proof.Sign() };
        await new RequestVerifier(this, _bench.Verifier, _bench.Clock).VerifyAsync(request, _resource, CancellationToken.None);
    }

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Dictionary<string, object?> named = tags.ToArray().ToDictionary();
        if (Equals(named.GetValueOrDefault("resource"), _resource.Name))
            _measured.Add((instrument.Name, value, named));
    }
}
