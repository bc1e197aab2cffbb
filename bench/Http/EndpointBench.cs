namespace Holdfast.Bench;

/// <summary>
/// The protected endpoint against the same endpoint with plain JwtBearer, under wrk: rounds alternate, every DPoP request carries a
/// pre-made proof of its own, and every answer must be 200.
/// </summary>
internal static class EndpointBench
{
    private const int Rounds = 5;

    public static async Task<IReadOnlyList<BenchRow>> MeasureAsync(int seconds)
    {
        string directory = Directory.CreateTempSubdirectory("holdfast-bench").FullName;
        try
        {
            await using OrdersProcess dpop = OrdersProcess.Start("dpop", directory);
            await using OrdersProcess jwt = OrdersProcess.Start("jwt", directory);
            await dpop.ReadyAsync();
            await jwt.ReadyAsync();
            List<double> ratios = [], perCpu = [];
            // Tiered compilation goes on for some ten seconds of load; until then the compiler is what is measured.
            for (int warmUp = 0; warmUp < 3; warmUp++)
            {
                Run(jwt, 5, Bearer(jwt, directory));
                Run(dpop, 5, ProofScript.Write(dpop.Caller, directory, 5));
            }
            for (int round = 1; round <= Rounds; round++)
            {
                ServerLoad bearer = Run(jwt, seconds, Bearer(jwt, directory));
                ServerLoad proven = Run(dpop, seconds, ProofScript.Write(dpop.Caller, directory, seconds));
                ratios.Add(proven.PerSecond / bearer.PerSecond);
                perCpu.Add(proven.PerCpuSecond / bearer.PerCpuSecond);
                Console.WriteLine($"      round {round}: JwtBearer {bearer}; Holdfast {proven}; ratio {ratios[^1]:0.00}, of the server's CPU time {perCpu[^1]:0.00}");
            }
            return
            [
                BenchRow.AtLeast("protected_endpoint_throughput_ratio", 1.2, Bench.Rounds.Median(ratios)),
                BenchRow.AtLeast("protected_endpoint_requests_per_cpu_second_ratio", 1.2, Bench.Rounds.Median(perCpu)),
            ];
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    // Both scripts hand wrk requests that were formatted before the clock started, so the generator costs the same on both sides.
    private static string Bearer(OrdersProcess server, string directory) => LoadGenerator.Script(directory, "bearer", $$"""
        wrk.headers["Authorization"] = "Bearer {{server.Caller.BearerToken}}"
        requests[1] = wrk.format("GET", "/orders")
        """);

    private static ServerLoad Run(OrdersProcess server, int seconds, string script) =>
        ServerLoad.Run(() => server.CpuTime, $"{server.Origin}/orders", script, seconds);
}
