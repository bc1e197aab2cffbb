using System.Security.Cryptography;

namespace Holdfast.Bench;

/// <summary>
/// The token endpoint under wrk (client credentials, <c>private_key_jwt</c>, DPoP) over its own signature work, with the clients' proof keys warm
/// (accepted before) and cold (each request by a key never seen); and over <c>oidc-provider</c> from npm with the same requests.
/// </summary>
internal static class TokenEndpointBench
{
    private const int Rounds = 5, WarmPerSecond = 12_000, ColdPerSecond = 8_000, OidcPerSecond = 4_000;
    private const double WarmBudget = 1.5, ColdBudget = 2;

    public static async Task<IReadOnlyList<BenchRow>> MeasureAsync(int seconds)
    {
        string directory = Directory.CreateTempSubdirectory("holdfast-bench").FullName;
        try
        {
            await using IssuerProcess holdfast = IssuerProcess.StartHoldfast(directory);
            await using IssuerProcess? oidc = IssuerProcess.TryStartOidcProvider(directory);
            await holdfast.ReadyAsync();
            if (oidc is not null)
                await oidc.ReadyAsync();
            else
                Console.WriteLine("      oidc-provider is left out: it needs Node.js, and npm ci in tests/npm");
            for (int warmUp = 0; warmUp < 3; warmUp++)
            {
                SignatureWork.Measure();
                Warm(holdfast, directory, 5, WarmPerSecond);
                Cold(holdfast, directory, 2);
                if (oidc is not null)
                    Warm(oidc, directory, 5, OidcPerSecond);
            }
            List<(ServerLoad Work, ServerLoad Warm, ServerLoad Cold, ServerLoad? Oidc)> rounds = [];
            for (int round = 1; round <= Rounds; round++)
            {
                rounds.Add((SignatureWork.Measure(), Warm(holdfast, directory, seconds, WarmPerSecond), Cold(holdfast, directory, seconds),
                    oidc is null ? null : Warm(oidc, directory, seconds, OidcPerSecond)));
                Console.WriteLine($"      round {round}: signature work {rounds[^1].Work}; warm {rounds[^1].Warm}; cold {rounds[^1].Cold}; oidc-provider {rounds[^1].Oidc?.ToString() ?? "none"}");
            }
            return [.. Rows(rounds, oidc is not null)];
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static IEnumerable<BenchRow> Rows(List<(ServerLoad Work, ServerLoad Warm, ServerLoad Cold, ServerLoad? Oidc)> rounds, bool hasOidc)
    {
        yield return BenchRow.AtMost("token_endpoint_warm_cpu_time_ratio", WarmBudget, Median(round => round.Work.PerCpuSecond / round.Warm.PerCpuSecond));
        yield return BenchRow.AtMost("token_endpoint_cold_cpu_time_ratio", ColdBudget, Median(round => round.Work.PerCpuSecond / round.Cold.PerCpuSecond));
        // All cores in both; those of the server are shared with the load generator and wait for the disk.
        yield return BenchRow.AtMost("token_endpoint_warm_time_ratio", WarmBudget, Median(round => round.Work.PerSecond / round.Warm.PerSecond));
        yield return BenchRow.AtMost("token_endpoint_cold_time_ratio", ColdBudget, Median(round => round.Work.PerSecond / round.Cold.PerSecond));
        if (!hasOidc)
            yield break;
        yield return BenchRow.Figured("token_endpoint_over_oidc_provider_throughput_ratio", Median(round => round.Warm.PerSecond / round.Oidc!.PerSecond));
        yield return BenchRow.Figured("token_endpoint_over_oidc_provider_per_cpu_second_ratio", Median(round => round.Warm.PerCpuSecond / round.Oidc!.PerCpuSecond));

        double Median(Func<(ServerLoad Work, ServerLoad Warm, ServerLoad Cold, ServerLoad? Oidc), double> ratio) => Bench.Rounds.Median(rounds.Select(ratio));
    }

    private static ServerLoad Warm(IssuerProcess issuer, string directory, int seconds, int perSecond) =>
        Run(issuer, directory, seconds, issuer.Client.Requests(perSecond * seconds, issuer.Client.Keys));

    private static ServerLoad Cold(IssuerProcess issuer, string directory, int seconds)
    {
        ECDsa[] keys = TokenClient.NewKeys(ColdPerSecond * seconds);
        var signers = new IProofSigner[keys.Length];
        Parallel.For(0, keys.Length, i => signers[i] = ProofSigner.Create(keys[i]));
        (string, string)[] requests = issuer.Client.Requests(keys.Length, signers);
        Array.ForEach(keys, key => key.Dispose());
        return Run(issuer, directory, seconds, requests);
    }

    private static ServerLoad Run(IssuerProcess issuer, string directory, int seconds, (string Body, string Proof)[] requests)
    {
        string file = Path.Combine(directory, "requests.txt");
        File.WriteAllLines(file, requests.SelectMany(request => (string[])[request.Body, request.Proof]));
        string script = LoadGenerator.Script(directory, "tokens", $$"""
            wrk.headers["Content-Type"] = "{{TokenClient.ContentType}}"
            local body
            for line in io.lines("{{file}}") do
              if body then
                wrk.headers["DPoP"] = line
                requests[#requests + 1] = wrk.format("POST", "/token", nil, body)
                body = nil
              else
                body = line
              end
            end
            """);
        return ServerLoad.Run(() => issuer.CpuTime, issuer.Client.TokenEndpoint, script, seconds);
    }
}
