using System.Diagnostics;

namespace Holdfast.Bench;

/// <summary>The embedded replay store from ten thousand to ten million live records: checks a second on one core at that size, and bytes a record.</summary>
internal static class ReplayGrowth
{
    private const int Slices = 200, SliceLength = 2_500;
    private static readonly int[] Sizes = [10_000, 100_000, 1_000_000, 10_000_000];

    public static void Run(string folder)
    {
        List<(double, double)> speed = [], bytes = [];
        // Compiles.
        Measure(Sizes[1]);
        foreach (int size in Sizes)
        {
            (double perSecond, double perRecord) = Measure(size);
            Console.WriteLine($"      {size} live records: {perSecond:0} checks a second, {perRecord:0.0} bytes a record");
            speed.Add((size, perSecond / 1e6));
            bytes.Add((size, perRecord));
        }
        Plot.Write(Path.Combine(folder, "embedded-replay-speed.svg"), "Embedded replay store: speed", "live records", "million checks a second, one core",
            new Series("checks a second", speed));
        Plot.Write(Path.Combine(folder, "embedded-replay-memory.svg"), "Embedded replay store: memory", "live records", "bytes a live record", new Series("bytes a live record", bytes));
    }

    private static (double PerSecond, double BytesPerRecord) Measure(int size)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var clock = new VerifierClock(TimeProvider.System);
        int capacity = (size * 2) + (Slices * SliceLength);
        var store = new EmbeddedReplayStore(new() { Capacity = capacity, QuotaPerKey = capacity, SingleInstance = true, NoPredecessor = true }, clock);
        DateTimeOffset start = clock.Now;
        for (int i = 0; i < size; i++)
            Add(store, start, i);
        double bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)size;
        // Fresh records on top of those, in slices shorter than the time after which another process gets the core; the median of them.
        var speeds = new double[Slices];
        for (int slice = 0; slice < Slices; slice++)
        {
            long began = Stopwatch.GetTimestamp();
            for (int i = 0; i < SliceLength; i++)
                Add(store, start, size + (slice * SliceLength) + i);
            speeds[slice] = SliceLength / Stopwatch.GetElapsedTime(began).TotalSeconds;
        }
        GC.KeepAlive(store);
        return (Rounds.Median(speeds), bytes);
    }

    private static void Add(EmbeddedReplayStore store, DateTimeOffset start, int i)
    {
        // Anchors of the last seconds, as live traffic has them.
        var record = new ReplayRecord(new ReplayKey(new UInt128((ulong)i * 0x9E3779B97F4A7C15, (ulong)i * 0xC2B2AE3D27D4EB4F)), (ulong)(i & 1023),
            new FreshnessAnchor(start.AddSeconds(-(i % 20)), FromNonce: false));
        ValueTask<ReplayResult> answer = store.TryAddAsync(record, CancellationToken.None);
        if (!answer.IsCompletedSuccessfully || answer.Result != ReplayResult.Added)
            throw new InvalidOperationException("A fresh record was not added.");
    }
}
