using System.Diagnostics;
using Holdfast.Replay.PostgreSql;
using Holdfast.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Bench;

/// <summary>The shared replay store with its database beside it on the same cores: how many checks a second when all callers wait for nothing else, and how long one takes at half of that.</summary>
internal static class SharedReplayBench
{
    private const int Callers = 4_096;
    private const double Budget = 50_000;

    public static async Task<IReadOnlyList<BenchRow>> MeasureAsync(int seconds)
    {
        await using PostgresServer server = await PostgresServer.StartNewAsync();
        await using ServiceProvider node = await StartAsync(server.ConnectionString);
        await SaturateAsync([node], TimeSpan.FromSeconds(3));
        double perSecond = await SaturateAsync([node], TimeSpan.FromSeconds(seconds));
        double p99 = await PaceAsync(node, Budget / 2, TimeSpan.FromSeconds(seconds));
        double atHalf = await PaceAsync(node, perSecond / 2, TimeSpan.FromSeconds(seconds));
        return
        [
            BenchRow.AtLeast("shared_replay_checks_per_second", Budget, perSecond, " on two cores with the database"),
            BenchRow.AtMost("shared_replay_p99_ms_at_half_the_budget", 15, p99, " ms"),
            BenchRow.Figured("shared_replay_p99_ms_at_half_of_what_it_carries", atHalf),
        ];
    }

    /// <summary>A node as far as replay is concerned, once it works.</summary>
    public static async Task<ServiceProvider> StartAsync(string connectionString)
    {
        ServiceProvider node = new ServiceCollection().AddLogging().AddPostgreSqlReplay(options =>
        {
            options.ConnectionString = connectionString;
            (options.Capacity, options.QuotaPerKey, options.QueueCapacity) = (100_000_000, 100_000_000, 65_536);
        }).BuildServiceProvider();
        PostgreSqlReplayStore store = node.GetRequiredService<PostgreSqlReplayStore>();
        for (int attempt = 0; !store.IsAvailable; attempt++)
        {
            if (attempt == 1_000)
                throw new InvalidOperationException(store.WhyNotReady);
            await Task.Delay(10);
        }
        return node;
    }

    /// <summary>Checks a second where each caller sends its next as soon as its last is answered; callers are spread over the nodes.</summary>
    public static async Task<double> SaturateAsync(IReadOnlyList<IServiceProvider> nodes, TimeSpan length)
    {
        (IReplayStore Store, IDPoPNonces Nonces)[] parts = [.. nodes.Select(PartsOf)];
        long start = Stopwatch.GetTimestamp();
        long[] counts = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            long count = 0;
            for (; Stopwatch.GetElapsedTime(start) < length; count++)
                await AddAsync(parts[caller % parts.Length].Store, parts[caller % parts.Length].Nonces, (ulong)caller);
            return count;
        })));
        return counts.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    // Arrivals by the clock and not by the answers: what is late is not waited for, and its lateness counts.
    private static async Task<double> PaceAsync(IServiceProvider node, double perSecond, TimeSpan length)
    {
        (IReplayStore store, IDPoPNonces nonces) = PartsOf(node);
        var waits = new List<Task<double>>((int)(perSecond * length.TotalSeconds) + 1);
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) is var elapsed && elapsed < length)
        {
            while (waits.Count < elapsed.TotalSeconds * perSecond)
                waits.Add(TimeAsync(store, nonces, (ulong)(waits.Count & 1023)));
            await Task.Delay(1);
        }
        double[] times = await Task.WhenAll(waits);
        Array.Sort(times);
        return times[(int)(times.Length * 0.99)];
    }

    private static async Task<double> TimeAsync(IReplayStore store, IDPoPNonces nonces, ulong owner)
    {
        long start = Stopwatch.GetTimestamp();
        await AddAsync(store, nonces, owner);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async ValueTask AddAsync(IReplayStore store, IDPoPNonces nonces, ulong owner)
    {
        // By nonce, so that the fence of a new epoch is not in the way.
        nonces.Check(nonces.Current, out FreshnessAnchor anchor);
        UInt128 key = new((ulong)Random.Shared.NextInt64(), (ulong)Random.Shared.NextInt64());
        ReplayResult result = await store.TryAddAsync(new(new(key), owner, anchor), CancellationToken.None);
        if (result != ReplayResult.Added)
            throw new InvalidOperationException($"A fresh record was answered {result}.");
    }

    private static (IReplayStore Store, IDPoPNonces Nonces) PartsOf(IServiceProvider node) =>
        (node.GetRequiredService<IReplayStore>(), node.GetRequiredKeyedService<IDPoPNonces>(VerifierRole.ResourceServer));
}
