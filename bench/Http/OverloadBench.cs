using System.Diagnostics;
using System.Globalization;

namespace Holdfast.Bench;

/// <summary>
/// A server on one core and its callers on the other: what the accepted requests wait at a tenth of what it can serve, and at ten times as many callers
/// as keep it busy, all of whom come again at once, whatever they are answered.
/// </summary>
internal static class OverloadBench
{
    // As many as keep one core busy: with twice as many it serves no more, only later.
    private const int Busy = 16, TenTimes = 10 * Busy, Few = 8, ProofsPerSecond = 14_000, Rounds = 3;
    private const double RatioBudget = 4, GoodputBudget = 0.5, GrowthBudget = 32;

    public static async Task<IReadOnlyList<BenchRow>> MeasureAsync(int seconds)
    {
        // The first second of a round is not counted.
        seconds = Math.Max(3, seconds);
        string directory = Directory.CreateTempSubdirectory("holdfast-bench").FullName;
        int port = ServerProcess.FreePort();
        string origin = $"http://localhost:{port}", jwks = Path.Combine(directory, "jwks.json");
        using Process callers = Pinned(1, ["callers", origin, jwks, ProofsPerSecond.ToString(CultureInfo.InvariantCulture)], redirects: true);
        Process? server = null;
        try
        {
            await callers.StandardOutput.ReadLineAsync();
            server = Pinned(0, ["serve", "dpop", port.ToString(CultureInfo.InvariantCulture)], redirects: false, (BenchServer.JwksFile, jwks));
            await ReadyAsync(origin);
            // Tiered compilation goes on for some ten seconds of load.
            for (int warmUp = 0; warmUp < 3; warmUp++)
                await RunAsync(callers, Busy, 5);
            return await MeasureAsync(callers, server, seconds);
        }
        finally
        {
            foreach (Process process in new[] { callers, server }.OfType<Process>())
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }
            server?.Dispose();
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<BenchRow>> MeasureAsync(Process callers, Process server, int seconds)
    {
        List<double> ratios = [], goodput = [];
        double before = 0, after = 0;
        for (int round = 0; round < Rounds; round++)
        {
            Overload capacity = await RunAsync(callers, Busy, seconds);
            Overload calm = await RunAsync(callers, Few, seconds, (int)(capacity.Accepted / 10));
            Overload overload = await RunAsync(callers, TenTimes, seconds);
            ratios.Add(overload.P99 / calm.P99);
            goodput.Add(overload.Accepted / capacity.Accepted);
            // The first overload fills what is kept for reuse; what grows after it grows for ever.
            after = Megabytes(server);
            before = round == 0 ? after : before;
            Console.WriteLine($"      round {round + 1}: busy {capacity}; a tenth {calm}; ten times {overload}; {after:0} MB");
        }
        return
        [
            BenchRow.AtMost("overload_p99_ratio", RatioBudget, Median(ratios)),
            BenchRow.AtLeast("overload_goodput_ratio", GoodputBudget, Median(goodput)),
            BenchRow.AtMost("overload_memory_growth_mb", GrowthBudget, after - before, " MB"),
        ];
    }

    private static async Task<Overload> RunAsync(Process callers, int connections, int seconds, int perSecond = 0)
    {
        await callers.StandardInput.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{connections} {seconds} {perSecond}"));
        string line = await callers.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The callers ended.");
        double[] figures = [.. line.Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))];
        return new(figures[0], figures[1], figures[2], figures[3]);
    }

    private static Process Pinned(int core, string[] arguments, bool redirects, params (string Name, string Value)[] environment)
    {
        List<string> command = ["-c", core.ToString(CultureInfo.InvariantCulture), Environment.ProcessPath!];
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            command.Add(typeof(OverloadBench).Assembly.Location);
        var start = new ProcessStartInfo("taskset", [.. command, .. arguments]) { RedirectStandardInput = redirects, RedirectStandardOutput = redirects };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static Task ReadyAsync(string origin)
    {
        var http = new HttpClient();
        return ServerProcess.EventuallyAsync(origin, async () =>
        {
            using HttpResponseMessage open = await http.GetAsync(origin + "/open");
            return open.IsSuccessStatusCode;
        });
    }

    private static double Megabytes(Process process)
    {
        process.Refresh();
        return process.WorkingSet64 / 1048576.0;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
