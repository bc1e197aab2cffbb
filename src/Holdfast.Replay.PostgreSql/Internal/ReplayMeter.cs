using System.Diagnostics.Metrics;

namespace Holdfast.Replay.PostgreSql.Internal;

/// <summary>The instruments of the shared store, beside those of the verifier.</summary>
internal static class ReplayMeter
{
    private static readonly Meter Meter = new(VerifierMeter.Name);
    private static readonly Histogram<int> GroupSize = Meter.CreateHistogram<int>("holdfast.replay.group_size", "{check}", "Checks that went to the database in one statement");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("holdfast.replay.statement.duration", "s", "Time until the database answered a group");
    private static readonly Counter<long> Losses = Meter.CreateCounter<long>("holdfast.replay.losses", "{loss}", "Times that this node lost the shared records");
    private static readonly Counter<long> Refused = Meter.CreateCounter<long>("holdfast.replay.queue_full", "{check}", "Checks refused at once because too many were waiting");

    public static void Sent(int size, TimeSpan duration)
    {
        GroupSize.Record(size);
        Duration.Record(duration.TotalSeconds);
    }

    public static void Lost() => Losses.Add(1);

    public static void QueueFull() => Refused.Add(1);
}
