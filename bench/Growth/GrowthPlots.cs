using Holdfast.Testing;

namespace Holdfast.Bench;

/// <summary>The plots of docs/performance.md: how cost grows.</summary>
internal static class GrowthPlots
{
    public static async Task WriteAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        ReplayGrowth.Run(folder);
        KeyGrowth.Run(folder);
        if (PostgresPrograms.Missing is { } missing)
        {
            Console.WriteLine($"      the shared store is left out: {missing}");
            return;
        }
        Write(folder, "shared-nodes", "Protected endpoints that share their replay records, on two cores", "nodes", await NodesGrowth.MeasureAsync(), "requests a second");
        Write(folder, "shared-replay-records", "Shared replay store: speed", "live records", await SharedReplayGrowth.ByRecordsAsync());
        Write(folder, "shared-replay-nodes", "Shared replay store: nodes on one database and two cores", "nodes", await SharedReplayGrowth.ByNodesAsync());
    }

    private static void Write(string folder, string file, string title, string xLabel, IReadOnlyList<(double X, double PerSecond)> points, string unit = "checks a second")
    {
        foreach ((double x, double perSecond) in points)
            Console.WriteLine($"      {x} {xLabel}: {perSecond:0} {unit}");
        Plot.Write(Path.Combine(folder, file + ".svg"), title, xLabel, unit + ", of all together", new Series(unit, points));
    }
}
