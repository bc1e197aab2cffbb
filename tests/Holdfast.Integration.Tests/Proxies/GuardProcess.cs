using System.Text;

namespace Holdfast.Integration.Tests;

/// <summary><c>holdfast guard</c> as a process, with a listener for each proxy in its contract and format.</summary>
internal sealed class GuardProcess : IAsyncDisposable
{
    private readonly RunningProcess _process;

    private GuardProcess(RunningProcess process) => _process = process;

    public string Output => _process.Output;

    public static async Task<GuardProcess> StartAsync(ProxyBackground ground, string folder)
    {
        Directory.CreateDirectory(folder);
        ProxyUser.MayEnter(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "secret"), ground.Secret + "\n");
        string config = Path.Combine(folder, "guard.yaml");
        await File.WriteAllTextAsync(config, Configuration(ground));
        RunningProcess process = await RunningProcess.StartAsync("dotnet", [Up.Program, "guard", "--config", config, "--json"], line => Hear(line, ground.GuardSignals), folder);
        foreach (ProxyPlan plan in ground.Plans.Where(plan => plan.Proxy.UsesUnixSocket))
            ProxyUser.MayConnect(plan.GuardSocket);
        return new(process);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    // The first line says that it is ready, every other one is a signal.
    private static bool Hear(string line, Action<string> signals)
    {
        if (!line.StartsWith('{'))
            return false;
        if (line.StartsWith("{\"guard\"", StringComparison.Ordinal))
            return true;
        signals(line);
        return false;
    }

    private static string Configuration(ProxyBackground ground)
    {
        var yaml = new StringBuilder($"""
            name: {ground.GuardName}
            data_directory: data
            single_instance: true
            listeners:
              - address: {new Uri(ground.GuardName).Authority}

            """);
        foreach (ProxyPlan plan in ground.Plans)
        {
            yaml.Append($"""
                  - address: {(plan.Proxy.UsesUnixSocket ? $"unix:{plan.GuardSocket}" : $"127.0.0.1:{plan.GuardPort}")}
                    adapters: [{plan.Proxy.Adapter}]
                    trust:
                      {(plan.Proxy.UsesUnixSocket ? "unix_socket: true" : "addresses: [127.0.0.1]")}{(plan.Proxy.UsesSecret ? "\n      secrets: [{ file: secret }]" : "")}
                    certificate: {"{"} format: {plan.Proxy.Name} {"}"}

                """);
        }
        yaml.Append($"""
            issuers:
              - issuer: {ground.Issuer}
            resources:
              - {"{"} name: orders, issuer: "{ground.Issuer}", audience: "{ground.Audience}" {"}"}
            routes:

            """);
        foreach (ProxyPlan plan in ground.Plans)
            yaml.Append($"  - {{ origin: \"{plan.Origin(ProxyShape.Guard)}\", resource: orders, upstream: {ProxyBackground.UpstreamName} }}\n");
        return yaml.ToString();
    }
}
