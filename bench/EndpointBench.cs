namespace Holdfast.Bench;

/// <summary>
/// The protected endpoint against the same endpoint with plain JwtBearer, under wrk: rounds alternate, every DPoP request carries a
/// pre-made proof of its own, and every answer must be 200.
/// </summary>
internal static class EndpointBench
{
    private const int Rounds = 5, Connections = 32, ProofsPerSecond = 40_000;

    public static async Task<IReadOnlyList<BenchRow>> MeasureAsync(int seconds)
    {
        string directory = Directory.CreateTempSubdirectory("holdfast-bench").FullName;
        try
        {
            await using BenchProcess dpop = BenchProcess.Start("dpop", directory);
            await using BenchProcess jwt = BenchProcess.Start("jwt", directory);
            await dpop.ReadyAsync();
            await jwt.ReadyAsync();
            List<double> ratios = [], perCpu = [];
            // Tiered compilation goes on for some ten seconds of load; until then the compiler is what is measured.
            for (int warmUp = 0; warmUp < 3; warmUp++)
            {
                Load(jwt, 5, Bearer(jwt, directory));
                Load(dpop, 5, Proofs(dpop, directory, 5));
            }
            for (int round = 1; round <= Rounds; round++)
            {
                LoadResult bearer = Load(jwt, seconds, Bearer(jwt, directory));
                LoadResult proven = Load(dpop, seconds, Proofs(dpop, directory, seconds));
                ratios.Add(proven.PerSecond / bearer.PerSecond);
                perCpu.Add(proven.PerCpuSecond / bearer.PerCpuSecond);
                Console.WriteLine($"      round {round}: JwtBearer {bearer}; Holdfast {proven}; ratio {ratios[^1]:0.00}, of the server's CPU time {perCpu[^1]:0.00}");
            }
            return
            [
                BenchRow.AtLeast("protected_endpoint_throughput_ratio", 1.2, Median(ratios)),
                BenchRow.AtLeast("protected_endpoint_requests_per_cpu_second_ratio", 1.2, Median(perCpu)),
            ];
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    // Both scripts hand wrk requests that were formatted before the clock started, so the generator costs the same on both sides.
    private static string Bearer(BenchProcess server, string directory) => LoadGenerator.Script(directory, "bearer", $$"""
        wrk.headers["Authorization"] = "Bearer {{server.Caller.BearerToken}}"
        requests[1] = wrk.format("GET", "/orders")
        """);

    private static string Proofs(BenchProcess server, string directory, int seconds)
    {
        string[] proofs = new string[ProofsPerSecond * seconds];
        DateTimeOffset iat = TimeProvider.System.GetUtcNow().AddSeconds(seconds);
        Parallel.For(0, proofs.Length, i => proofs[i] = server.Caller.Proof(iat));
        string file = Path.Combine(directory, "proofs.txt");
        File.WriteAllLines(file, proofs);
        return LoadGenerator.Script(directory, "proofs", $$"""
            wrk.headers["Authorization"] = "DPoP {{server.Caller.Token}}"
            for line in io.lines("{{file}}") do
              wrk.headers["DPoP"] = line
              requests[#requests + 1] = wrk.format("GET", "/orders")
            end
            """);
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private static LoadResult Load(BenchProcess server, int seconds, string script)
    {
        TimeSpan cpu = server.CpuTime;
        Load load = LoadGenerator.Run($"{server.Origin}/orders", script, seconds, Connections);
        return new(load.PerSecond, load.Requests / (server.CpuTime - cpu).TotalSeconds);
    }

    /// <summary>Requests a second, and a second of the server's own CPU time: the latter is steadier where other work shares the machine.</summary>
    private sealed record LoadResult(double PerSecond, double PerCpuSecond)
    {
        public override string ToString() => $"{PerSecond,6:0} requests/s ({PerCpuSecond,6:0} a CPU second)";
    }
}
