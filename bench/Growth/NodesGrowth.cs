using Holdfast.Testing;

namespace Holdfast.Bench;

/// <summary>Requests a second of one, two and three nodes that share their replay records, all on the same cores as their database and the load generators.</summary>
internal static class NodesGrowth
{
    private const int Most = 3, Seconds = 5, Connections = 32;

    public static async Task<IReadOnlyList<(double Nodes, double PerSecond)>> MeasureAsync()
    {
        string directory = Directory.CreateTempSubdirectory("holdfast-bench").FullName;
        await using PostgresServer database = await PostgresServer.StartNewAsync();
        Environment.SetEnvironmentVariable(BenchServer.Database, database.ConnectionString);
        List<OrdersProcess> nodes = [];
        List<(double, double)> points = [];
        try
        {
            for (int count = 1; count <= Most; count++)
            {
                nodes.Add(OrdersProcess.Start("dpop-shared", Directory.CreateDirectory(Path.Combine(directory, $"{count}")).FullName));
                await ServerProcess.EventuallyAsync(nodes[^1].Origin, () => LiftFenceAsync(database));
                await nodes[^1].ReadyAsync();
                await RunAsync(nodes, directory);
                points.Add((count, await RunAsync(nodes, directory)));
            }
            return points;
        }
        finally
        {
            foreach (OrdersProcess node in nodes)
                await node.DisposeAsync();
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<double> RunAsync(List<OrdersProcess> nodes, string directory)
    {
        string[] scripts = [.. nodes.Select((node, i) => ProofScript.Write(node.Caller, Path.Combine(directory, $"{i + 1}"), Seconds))];
        Load[] loads = await Task.WhenAll(nodes.Select((node, i) => Task.Run(() => LoadGenerator.Run(node.Origin + "/orders", scripts[i], Seconds, Connections))));
        return loads.Sum(load => load.PerSecond);
    }

    // The load has no nonces, and the first epoch of a schema would ask for some.
    private static async Task<bool> LiftFenceAsync(PostgresServer database)
    {
        try
        {
            await database.ExecuteAsync("UPDATE holdfast_replay.epoch SET fence = 0");
            return await database.ScalarAsync("SELECT count(*) FROM holdfast_replay.epoch") == "1";
        }
        catch (Npgsql.PostgresException)
        {
            // Not made yet.
            return false;
        }
    }
}
