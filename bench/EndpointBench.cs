using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Holdfast.Bench;

/// <summary>
/// The protected endpoint against the same endpoint with plain JwtBearer, under wrk: rounds alternate, every DPoP request carries a
/// pre-made proof of its own, and every answer must be 200.
/// </summary>
internal static partial class EndpointBench
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
    private static string Bearer(BenchProcess server, string directory) => Script(directory, "bearer", $$"""
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
        return Script(directory, "proofs", $$"""
            wrk.headers["Authorization"] = "DPoP {{server.Caller.Token}}"
            for line in io.lines("{{file}}") do
              wrk.headers["DPoP"] = line
              requests[#requests + 1] = wrk.format("GET", "/orders")
            end
            """);
    }

    private static string Script(string directory, string name, string fill)
    {
        string script = Path.Combine(directory, name + ".lua");
        File.WriteAllText(script, $$"""
            requests, at = {}, 0
            init = function(args)
            {{fill}}
            end
            request = function()
              at = at % #requests + 1
              return requests[at]
            end
            """);
        return script;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private static LoadResult Load(BenchProcess server, int seconds, string script)
    {
        TimeSpan cpu = server.CpuTime;
        using Process wrk = Process.Start(new ProcessStartInfo("wrk", ["-t1", $"-c{Connections}", $"-d{seconds}s", "-s", script, $"{server.Origin}/orders"])
        {
            RedirectStandardOutput = true,
        })!;
        string output = wrk.StandardOutput.ReadToEnd();
        wrk.WaitForExit();
        if (output.Contains("Non-2xx", StringComparison.Ordinal) || wrk.ExitCode != 0)
            throw new InvalidOperationException("A measured request was refused:\n" + output);
        double requests = double.Parse(Requests().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
        return new(double.Parse(RequestsPerSecond().Match(output).Groups[1].Value, CultureInfo.InvariantCulture),
            requests / (server.CpuTime - cpu).TotalSeconds);
    }

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex RequestsPerSecond();

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Requests();

    /// <summary>Requests a second, and a second of the server's own CPU time: the latter is steadier where other work shares the machine.</summary>
    private sealed record LoadResult(double PerSecond, double PerCpuSecond)
    {
        public override string ToString() => $"{PerSecond,6:0} requests/s ({PerCpuSecond,6:0} a CPU second)";
    }

    /// <summary>One server in a process of its own.</summary>
    private sealed class BenchProcess : IAsyncDisposable
    {
        private readonly Process _process;

        private BenchProcess(Process process, string origin, Caller caller) => (_process, Origin, Caller) = (process, origin, caller);

        public string Origin { get; }
        public Caller Caller { get; }

        public TimeSpan CpuTime
        {
            get
            {
                _process.Refresh();
                return _process.TotalProcessorTime;
            }
        }

        public static BenchProcess Start(string kind, string directory)
        {
            int port = FreePort();
            string origin = $"http://localhost:{port}";
            var caller = new Caller(origin, origin, origin + "/orders", TimeProvider.System.GetUtcNow());
            string jwks = Path.Combine(directory, kind + ".json");
            File.WriteAllText(jwks, caller.IssuerJwks);
            var start = new ProcessStartInfo(Environment.ProcessPath!) { Environment = { [BenchServer.JwksFile] = jwks } };
            if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
                start.ArgumentList.Add(typeof(EndpointBench).Assembly.Location);
            foreach (string argument in new[] { "serve", kind, port.ToString(CultureInfo.InvariantCulture) })
                start.ArgumentList.Add(argument);
            return new(Process.Start(start)!, origin, caller);
        }

        public async Task ReadyAsync()
        {
            using var http = new HttpClient { BaseAddress = new Uri(Origin) };
            for (int attempt = 0; attempt < 100; attempt++)
            {
                try
                {
                    using HttpResponseMessage open = await http.GetAsync("/open");
                    using var request = new HttpRequestMessage(HttpMethod.Get, "/orders");
                    request.Headers.Add("DPoP", Caller.Proof(TimeProvider.System.GetUtcNow()));
                    request.Headers.Authorization = new AuthenticationHeaderValue("DPoP", Caller.Token);
                    using HttpResponseMessage warm = await http.SendAsync(request);
                    if (warm.IsSuccessStatusCode)
                        return;
                    request.Dispose();
                    using var bearer = new HttpRequestMessage(HttpMethod.Get, "/orders");
                    bearer.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Caller.BearerToken);
                    using HttpResponseMessage plain = await http.SendAsync(bearer);
                    if (plain.IsSuccessStatusCode)
                        return;
                }
                catch (HttpRequestException)
                {
                    // Not listening yet.
                }
                await Task.Delay(100);
            }
            throw new InvalidOperationException($"The server at {Origin} does not become ready.");
        }

        public async ValueTask DisposeAsync()
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
            Caller.Dispose();
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
