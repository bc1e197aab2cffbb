using System.Text.Json;
using Holdfast.AspNetCore;
using Holdfast.Conformance;

namespace Holdfast.Integration.Tests;

/// <summary>Every attack of the drill through every proxy, in both shapes, on clients that got their tokens from <c>holdfast up</c>.</summary>
[Collection(ProxyTests.Name)]
public sealed class DrillThroughProxyTests
{
    // Eight drills share the machine; nothing here is about speed.
    private static readonly DrillOptions Patient = new() { RequestTimeout = TimeSpan.FromMinutes(1), SignalTimeout = TimeSpan.FromSeconds(20), ParallelAttempts = 16 };

    // DPOP-RS-03, DPOP-V-27 to DPOP-V-31, MTLS-24, MTLS-25, FWD-06, FWD-20, FWD-21, FWD-50, FWD-61: all at once, because the thief spends most of his time
    // waiting for proofs to grow old.
    [ProxyFact("nginx")]
    public async Task No_attack_gets_in_and_each_is_signalled()
    {
        await using var ground = new DrillGround();
        await ground.StartAsync();

        (string Name, DrillResult Result)[] drills = await Task.WhenAll(ground.Targets.Select(async target => (target.Name, await Drill.RunAsync(target.Target, Patient))));

        drills.Length.ShouldBe(2 * ProxyPrograms.Installed.Count);
        // The drill has over forty attacks; one without certificates or without a list would have fewer.
        drills.Where(drill => drill.Result.Count < 40).Select(drill => drill.Name).ShouldBeEmpty();
        drills.SelectMany(drill => drill.Result.Where(row => !row.Passed || (row.Signalled != true && !IsNginxOwn(drill.Name, row))).Select(row => $"{drill.Name}: {JsonSerializer.Serialize(row)}")).ShouldBeEmpty();
    }

    // Two lines of Authorization nginx refuses before anybody is asked; its own log has it.
    private static bool IsNginxOwn(string name, DrillRow row) => name.StartsWith("nginx-", StringComparison.Ordinal) && row.Attack == "two_authorization_lines" && row.Holdfast.Status == 400;
}

/// <summary>The clients and the issuer of an <c>up</c>, and behind the proxies an API and a guard that take its tokens. All signals go into one file.</summary>
internal sealed class DrillGround : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lock _writing = new();
    private readonly CancellationTokenSource _end = new();
    private readonly List<IAsyncDisposable> _running = [];
    private Task _copying = Task.CompletedTask;

    public List<(string Name, DrillTarget Target)> Targets { get; } = [];

    private string Signals => _folder.At("signals.jsonl");

    public async Task StartAsync()
    {
        ProxyUser.MayEnter(_folder.Path);
        Up up = await Up.StartAsync(Directory.CreateDirectory(_folder.At("up"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName);
        _running.Add(up);
        // The proxies show what the servers of up show: the drill trusts one authority.
        File.Copy(Path.Combine(up.Directory, "server.pem"), _folder.At("server.pem"));
        File.Copy(Path.Combine(up.Directory, "server-key.pem"), _folder.At("server.pem.key"));
        int[] ports = FreePort.Take(2 + (4 * ProxyPrograms.Installed.Count));
        var background = new ProxyBackground
        {
            Plans = [.. ProxyPrograms.Installed.Select((proxy, index) => new ProxyPlan(proxy, _folder.Path, ports[(2 + (4 * index))..]))],
            Issuer = up.Issuer,
            Audience = up.Audience,
            Secret = new string('s', 40),
            GuardName = $"http://127.0.0.1:{ports[0]}",
            Upstream = $"127.0.0.1:{ports[1]}",
            ApiSignals = new SignalLines(Write),
            GuardSignals = Write,
        };
        File.WriteAllText(Signals, "");
        _copying = CopyAsync(Path.Combine(up.Directory, "signals.jsonl"));
        _running.Add(await GuardProcess.StartAsync(background, _folder.At("guard")));
        _running.Add(await background.StartUpstreamAsync());
        _running.Add(await ProxiedApi.StartAsync(background));
        foreach (ProxyPlan plan in background.Plans)
        {
            foreach (ProxyShape shape in Enum.GetValues<ProxyShape>())
            {
                string name = $"{plan.Proxy}-{shape}";
                _running.Add(await ProxyProcess.StartAsync(plan.Proxy, shape, _folder.At(name), plan.Port(shape), _folder.At("server.pem"),
                    new(plan.ApiPlace, plan.GuardPlace, background.Upstream, background.Secret, background.Issuer)));
                Targets.Add((name, DrillTarget.Read(up.JsonPath) with { Resource = plan.Origin(shape), MtlsResource = plan.Origin(shape), Signals = Signals }));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _copying;
        foreach (IAsyncDisposable one in _running.AsEnumerable().Reverse())
            await one.DisposeAsync();
        _folder.Dispose();
        _end.Dispose();
    }

    private void Write(string line)
    {
        lock (_writing)
            File.AppendAllText(Signals, line + "\n");
    }

    // The issuer is a process of its own, with a file of its own. Whole lines only: the last one may still be being written.
    private async Task CopyAsync(string path)
    {
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        string rest = "";
        while (!_end.IsCancellationRequested)
        {
            string[] lines = (rest + await reader.ReadToEndAsync()).Split('\n');
            foreach (string line in lines[..^1])
                Write(line);
            rest = lines[^1];
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    private sealed class SignalLines(Action<string> write) : IVerificationObserver
    {
        public void Observed(VerificationSignal signal) => write(JsonSerializer.Serialize(new Dictionary<string, string?>
        {
            ["failure"] = signal.Failure.Name, ["severity"] = signal.Failure.Severity.ToString().ToLowerInvariant(), ["trace_id"] = signal.TraceId, ["path"] = signal.Path,
        }));
    }
}
