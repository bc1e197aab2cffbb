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
        Write(folder, "shared-replay-records", "Shared replay store: speed", "live records", await SharedReplayGrowth.ByRecordsAsync());
        Write(folder, "shared-replay-nodes", "Shared replay store: nodes on one database and two cores", "nodes", await SharedReplayGrowth.ByNodesAsync());
    }

    private static void Write(string folder, string file, string title, string xLabel, IReadOnlyList<(double X, double PerSecond)> points)
    {
        foreach ((double x, double perSecond) in points)
            Console.WriteLine($"      {x} {xLabel}: {perSecond:0} checks a second");
        Plot.Write(Path.Combine(folder, file + ".svg"), title, xLabel, "checks a second, of all together", new Series("checks a second", points));
    }
}
