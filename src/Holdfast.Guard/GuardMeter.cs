using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Holdfast.Guard.Internal;

/// <summary>How long decisions take; what they are, <see cref="VerifierMeter"/> counts. Under the same meter name.</summary>
internal static class GuardMeter
{
    private static readonly Meter Meter = new(VerifierMeter.Name);
    private static readonly Histogram<double> Duration =
        Meter.CreateHistogram<double>("holdfast.guard.decision.duration", "s", "From the proxy's question to the answer, by adapter and the status that the client should see.");

    public static void Record(GuardAdapter adapter, int status, TimeSpan elapsed)
    {
        if (Duration.Enabled)
            Duration.Record(elapsed.TotalSeconds, new TagList { { "adapter", AdapterNames.Of(adapter) }, { "status", status } });
    }
}
