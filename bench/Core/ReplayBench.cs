using System.Diagnostics;

namespace Holdfast.Bench;

/// <summary>The embedded replay store at ten million live records, on one thread.</summary>
internal static class ReplayBench
{
    private const int Records = 10_000_000;

    public static IReadOnlyList<BenchRow> Measure()
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var clock = new VerifierClock(TimeProvider.System);
        var store = new EmbeddedReplayStore(new() { Capacity = Records * 2, QuotaPerKey = Records * 2, SingleInstance = true, NoPredecessor = true }, clock);
        DateTimeOffset start = clock.Now;
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; i < Records; i++)
        {
            // Anchors of the last minute, as live traffic has them.
            var record = new ReplayRecord(new ReplayKey(new UInt128((ulong)i * 0x9E3779B97F4A7C15, (ulong)i * 0xC2B2AE3D27D4EB4F)), (ulong)(i & 1023),
                new FreshnessAnchor(start.AddSeconds(-(i % 50)), FromNonce: false));
            ValueTask<ReplayResult> answer = store.TryAddAsync(record, CancellationToken.None);
            if (!answer.IsCompletedSuccessfully || answer.Result != ReplayResult.Added)
                throw new InvalidOperationException("A fresh record was not added.");
        }
        double perSecond = Records / Stopwatch.GetElapsedTime(began).TotalSeconds;
        double bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Records;
        GC.KeepAlive(store);
        return
        [
            BenchRow.AtMost("embedded_replay_bytes_per_live_record", 40, bytes, " B"),
            BenchRow.AtLeast("embedded_replay_checks_per_second", 2_000_000, perSecond, " on one core"),
        ];
    }
}
