using System.Globalization;
using Holdfast.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Holdfast.Bench;

/// <summary>How the shared store's cost grows: with the live records in it, and with the nodes that share it.</summary>
internal static class SharedReplayGrowth
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);

    /// <summary>Checks a second over live records: 10^4 to 10^7, which are put there beforehand.</summary>
    public static async Task<IReadOnlyList<(double Records, double PerSecond)>> ByRecordsAsync()
    {
        List<(double, double)> points = [];
        foreach (int records in (int[])[10_000, 100_000, 1_000_000, 10_000_000])
        {
            await using PostgresServer server = await PostgresServer.StartNewAsync();
            await using ServiceProvider node = await SharedReplayBench.StartAsync(server.ConnectionString);
            await FillAsync(server.ConnectionString, records);
            await SharedReplayBench.SaturateAsync([node], Round / 2);
            points.Add((records, await SharedReplayBench.SaturateAsync([node], Round)));
        }
        return points;
    }

    /// <summary>Checks a second, of all together, over nodes that share one database.</summary>
    public static async Task<IReadOnlyList<(double Nodes, double PerSecond)>> ByNodesAsync()
    {
        await using PostgresServer server = await PostgresServer.StartNewAsync();
        List<ServiceProvider> nodes = [];
        List<(double, double)> points = [];
        try
        {
            for (int count = 1; count <= 3; count++)
            {
                nodes.Add(await SharedReplayBench.StartAsync(server.ConnectionString));
                await SharedReplayBench.SaturateAsync(nodes, Round / 2);
                points.Add((count, await SharedReplayBench.SaturateAsync(nodes, Round)));
            }
        }
        finally
        {
            foreach (ServiceProvider node in nodes)
                await node.DisposeAsync();
        }
        return points;
    }

    // Into the two buckets that are alive, half and half.
    private static async Task FillAsync(string connectionString, int records)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(connectionString);
        await using NpgsqlCommand command = database.CreateCommand(string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO holdfast_replay.record SELECT live.place, gen_random_uuid()
            FROM (SELECT place FROM holdfast_replay.bucket ORDER BY slot LIMIT 2) AS live, generate_series(1, {records / 2})
            """));
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync();
    }
}
