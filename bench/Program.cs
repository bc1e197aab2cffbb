using System.Text.Json;
using Holdfast.Bench;
using Holdfast.Chaos;

// dotnet run -c Release --project bench -- [--json FILE] [--only ROW] [--seconds N]
// dotnet run … -- chaos [--minutes N] [--json FILE]: many nodes under faults and replays, see docs/chaos.md.
// dotnet run … -- callers ORIGIN JWKS PROOFS: the callers of the overload rows.
// dotnet run … -- serve dpop|dpop-logged|jwt PORT, serve guard|issuer FILE: one of the servers that the load generator compares.
if (args is ["serve", "guard", var config])
    return await BenchGuard.RunAsync(config);
if (args is ["serve", "issuer", var setup])
    return await BenchIssuer.RunAsync(setup);
if (args is ["callers", var origin, var jwks, var proofs])
    return await OverloadCallers.RunAsync(origin, jwks, int.Parse(proofs));
if (args is ["serve", var kind, var port, ..])
    return await BenchServer.RunAsync(kind, int.Parse(port));
if (args is ["chaos", .. var rest])
    return await ChaosCommand.RunAsync(rest);

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine("""
        Measures the budgets of Holdfast as ratios taken in one run.

          dotnet run -c Release --project bench -- [--json FILE] [--only ROW] [--seconds N]
          dotnet run -c Release --project bench -- chaos --help

          --json FILE   also write an array of { row, budget, figure, ok }
          --only ROW    rows whose name contains ROW
          --seconds N   length of one round of load, default 5
        """);
    return 0;
}

string[] known = ["--json", "--only", "--seconds"];
for (int i = 0; i < args.Length; i += 2)
{
    if (!known.Contains(args[i]) || i + 1 == args.Length)
    {
        Console.Error.WriteLine($"bench: {(known.Contains(args[i]) ? args[i] + " needs a value" : $"unknown option '{args[i]}'")}; see --help");
        return 2;
    }
}
string? only = Option("--only");
if (!int.TryParse(Option("--seconds") ?? "5", out int seconds) || seconds is < 1 or > 60)
{
    Console.Error.WriteLine("bench: --seconds takes a number from 1 to 60");
    return 2;
}
List<BenchRow> rows = [];
foreach ((string name, Func<Task<IReadOnlyList<BenchRow>>> measure) in new (string, Func<Task<IReadOnlyList<BenchRow>>>)[]
{
    ("dpop_verification", () => Task.FromResult(VerificationBench.Measure())),
    ("authentication", () => Task.FromResult(AuthenticationBench.Measure())),
    ("certificate_verification", () => Task.FromResult(CertificateBench.Measure())),
    ("refused", () => Task.FromResult(RefusalBench.Measure())),
    ("embedded_replay", () => Task.FromResult(ReplayBench.Measure())),
    ("shared_replay", () => SharedReplayBench.MeasureAsync(seconds)),
    ("protected_endpoint", () => EndpointBench.MeasureAsync(seconds)),
    ("http_refusal", () => HttpRefusalBench.MeasureAsync(seconds)),
    ("token_endpoint", () => TokenEndpointBench.MeasureAsync(seconds)),
    ("guard_nginx", () => GuardBench.MeasureAsync(seconds)),
    ("overload", () => OverloadBench.MeasureAsync(seconds)),
})
{
    // Rows that are measured together have the beginning of their names in common.
    if (only is not null && !name.Contains(only, StringComparison.Ordinal) && !only.StartsWith(name, StringComparison.Ordinal))
        continue;
    foreach (BenchRow row in await measure())
    {
        if (only is not null && !row.Row.Contains(only, StringComparison.Ordinal))
            continue;
        rows.Add(row);
        Console.WriteLine($"{(row.Ok ? "ok  " : "MISS")}  {row.Row,-54} {row.Figure,12:0.###}   budget {row.Budget}");
    }
}

if (Option("--json") is { } file)
    await File.WriteAllTextAsync(file, JsonSerializer.Serialize(rows, new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true }) + "\n");
// A missed budget is a figure to look at, not an error of the measurement.
return 0;
