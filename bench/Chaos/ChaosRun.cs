namespace Holdfast.Chaos;

/// <summary>A run: honest clients and an attacker all the while, and one fault after the other.</summary>
internal sealed class ChaosRun(ChaosPlan plan, Action<string> say)
{
    private const int Clients = 8, RaceEvery = 10;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    public async Task<ChaosReport> RunAsync()
    {
        await using ChaosScene scene = await ChaosScene.StartAsync(plan.Kind);
        HonestClient[] clients = [.. Enumerable.Range(0, Clients).Select(i => new HonestClient(scene.Issuer, scene.Origin, keepsNonces: i % 2 == 0))];
        var attacker = new Attacker(() => scene.Acceptors, plan.Delays, RaceEvery, plan.Volley);
        // Compilers and connections first; a fault is not needed to be slow.
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => clients[i % Clients].CallAsync(attacker)));
        await Task.Delay(Quiet);

        var load = new HonestLoad(clients, attacker, plan.HonestPerSecond);
        using CancellationTokenSource endOfLoad = new(), endOfAttack = new();
        DateTimeOffset started = TimeProvider.System.GetUtcNow();
        say("started");
        Task loading = load.RunAsync(endOfLoad.Token), attacking = attacker.RunAsync(endOfAttack.Token);
        await Task.Delay(Quiet);
        Task<StruckFault?> beside = plan.Beside is { } fault ? StrikeAsync(scene, attacker, fault) : Task.FromResult<StruckFault?>(null);
        IReadOnlyList<StruckFault> struck = await StrikeAllAsync(scene, attacker, started);
        StruckFault? struckBeside = await beside;
        await endOfLoad.CancelAsync();
        await loading;
        DateTimeOffset ended = TimeProvider.System.GetUtcNow();
        attacker.Volley("last");
        await Task.Delay(plan.Tail);
        await endOfAttack.CancelAsync();
        await attacking;

        ChaosReport report = ChaosReport.Of(plan.Kind, started, ended, load.Outcomes, attacker.Count, struck, Acceptance.ReadAll(scene.AcceptedFolder)) with
        {
            Beside = struckBeside is null ? null : FormattableString.Invariant($"{struckBeside.Name}, from {(struckBeside.Start - started).TotalSeconds:0.0} s to {(struckBeside.End - started).TotalSeconds:0.0} s"),
        };
        foreach (HonestClient client in clients)
            client.Dispose();
        // What nodes said of it: nobody can ask them later.
        if (report.ReplaysAccepted > 0)
            say(scene.Output);
        return report;
    }

    private async Task<IReadOnlyList<StruckFault>> StrikeAllAsync(ChaosScene scene, Attacker attacker, DateTimeOffset started)
    {
        List<StruckFault> struck = [];
        for (int i = 0; plan.Length is { } length ? TimeProvider.System.GetUtcNow() - started < length : i < plan.Faults.Count; i++)
        {
            struck.Add((await StrikeAsync(scene, attacker, plan.Faults[i % plan.Faults.Count]))!);
            await Task.Delay(plan.Calm);
        }
        return struck;
    }

    // The attacker knows of each fault: he tries everything as it begins, in its midst, as it ends, and when all is well again.
    private async Task<StruckFault?> StrikeAsync(ChaosScene scene, Attacker attacker, Fault fault)
    {
        say(fault.Name);
        DateTimeOffset start = TimeProvider.System.GetUtcNow();
        Task strike = fault.StrikeAsync(scene);
        attacker.Volley("start");
        await Task.WhenAny(strike, Task.Delay(TimeSpan.FromMilliseconds(700)));
        attacker.Volley("midst");
        await strike;
        DateTimeOffset end = TimeProvider.System.GetUtcNow();
        attacker.Volley("end");
        _ = Task.Delay(TimeSpan.FromSeconds(1.5)).ContinueWith(_ => attacker.Volley("after"), TaskScheduler.Default);
        return new(fault.Name, start, end);
    }
}
