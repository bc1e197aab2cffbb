namespace Holdfast.Bench;

/// <summary>
/// What refusing costs the whole server, under wrk, in multiples of the CPU time of an accepted request: parsing by Kestrel, the challenge and the log
/// entry included. Accepted requests carry a pre-made proof of their own; rounds alternate.
/// </summary>
internal static class HttpRefusalBench
{
    private const int Rounds = 3, ProofsPerSecond = 40_000, Many = 4_096;
    private const double Budget = 1.5;
    private const string BeyondLimit = "beyond_the_server_limit";

    public static async Task<IReadOnlyList<BenchRow>> MeasureAsync(int seconds)
    {
        string directory = Directory.CreateTempSubdirectory("holdfast-bench").FullName;
        try
        {
            await using OrdersProcess server = OrdersProcess.Start("dpop-logged", directory);
            await server.ReadyAsync();
            for (int warmUp = 0; warmUp < 3; warmUp++)
                Accepted(server, directory, 5, warmUp == 2 ? "close" : "keep-alive");
            var ratios = new Dictionary<string, List<double>>(StringComparer.Ordinal);
            for (int round = 0; round <= Rounds; round++)
            {
                ServerLoad accepted = Accepted(server, directory, seconds), closing = Accepted(server, directory, seconds, "close");
                Console.WriteLine($"      round {round}{(round == 0 ? " (compiles, does not count)" : "")}: accepted {accepted}, each on a connection of its own {closing}");
                foreach ((string kind, (string Authorization, string Proof)[] requests) in Refused(server.Caller))
                {
                    ServerLoad refused = Run(server, directory, kind, requests, seconds, areRefused: true);
                    Console.WriteLine($"        {kind} {refused}");
                    if (round == 0)
                        ratios[kind] = [];
                    else
                        ratios[kind].Add((kind == BeyondLimit ? closing : accepted).PerCpuSecond / refused.PerCpuSecond);
                }
            }
            return [.. ratios.Select(kind => BenchRow.AtMost($"http_refusal_{kind.Key}_cpu_time_ratio", Budget, Bench.Rounds.Median(kind.Value)))];
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static ServerLoad Accepted(OrdersProcess server, string directory, int seconds, string connection = "keep-alive")
    {
        var requests = new (string, string)[ProofsPerSecond * seconds];
        DateTimeOffset iat = TimeProvider.System.GetUtcNow();
        Parallel.For(0, requests.Length, i => requests[i] = ("DPoP " + server.Caller.Token, server.Caller.Proof(iat)));
        return Run(server, directory, "accepted", requests, seconds, areRefused: false, connection);
    }

    private static IEnumerable<(string Kind, (string Authorization, string Proof)[] Requests)> Refused(Caller caller)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        string authorization = "DPoP " + caller.Token, proof = caller.Proof(now), another = caller.Proof(now);
        // Each token a new text, so that nothing could remember it; and the issuer is asked for newer keys as often as the limit lets it.
        yield return ("unknown_kid", [.. Enumerable.Range(0, Many).Select(i => ("DPoP " + caller.ForgedToken($"unknown-{i}"), proof))]);
        yield return ("forged_token", [.. Enumerable.Range(0, Many).Select(_ => ("DPoP " + caller.ForgedToken(Caller.IssuerKid), proof))]);
        yield return ("bearer", [("Bearer " + caller.Token, proof)]);
        yield return ("fresh_key", [.. Enumerable.Range(0, Many).Select(_ => (authorization, caller.ForeignProof(now)))]);
        yield return ("forged_signature", [(authorization, proof[..proof.LastIndexOf('.')] + another[another.LastIndexOf('.')..])]);
        yield return ("late", [.. Enumerable.Range(0, Many).Select(_ => (authorization, caller.Proof(now.AddMinutes(-5))))]);
        yield return ("wrong_url", [(authorization, caller.Proof(now, url: caller.Url + "/another"))]);
        yield return ("garbage", [("DPoP garbage", "eyJ.garbage.!")]);
        // Just under what Kestrel reads of fields; and over it, for which it closes the connection, so that it is compared with its like.
        yield return ("oversized", [(authorization, new string('a', 28_000))]);
        yield return (BeyondLimit, [(authorization, new string('a', 40_000))]);
    }

    private static ServerLoad Run(OrdersProcess server, string directory, string name, (string Authorization, string Proof)[] requests, int seconds, bool areRefused,
        string connection = "keep-alive")
    {
        string file = Path.Combine(directory, "requests.txt");
        File.WriteAllLines(file, requests.SelectMany(request => (string[])[request.Authorization, request.Proof]));
        string script = LoadGenerator.Script(directory, name, $$"""
            wrk.headers["Connection"] = "{{connection}}"
            local authorization
            for line in io.lines("{{file}}") do
              if authorization then
                wrk.headers["Authorization"] = authorization
                wrk.headers["DPoP"] = line
                requests[#requests + 1] = wrk.format("GET", "/orders")
                authorization = nil
              else
                authorization = line
              end
            end
            """);
        return ServerLoad.Run(() => server.CpuTime, $"{server.Origin}/orders", script, seconds, areRefused);
    }
}
