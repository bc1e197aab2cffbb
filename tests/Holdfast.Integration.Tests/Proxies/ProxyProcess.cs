namespace Holdfast.Integration.Tests;

/// <summary>
/// A proxy that runs one of the samples: the folder is copied, and the names in it (<c>HOLDFAST_…</c>) are given values. nginx reads nothing from
/// the environment, so there they are filled in, as the sample says. The server's key is beside its certificate.
/// </summary>
internal sealed class ProxyProcess : IAsyncDisposable
{
    private readonly RunningProcess _process;

    private ProxyProcess(RunningProcess process, Proxy proxy, int port) => (_process, Proxy, Port) = (process, proxy, port);

    public Proxy Proxy { get; }

    /// <summary>The port of its TLS listener.</summary>
    public int Port { get; }

    /// <summary>What it has logged.</summary>
    public string Log => _process.Output;

    public bool HasExited => _process.HasExited;

    public static async Task<ProxyProcess> StartAsync(Proxy proxy, ProxyShape shape, string folder, int port, string certificate, ProxyPlaces places)
    {
        Directory.CreateDirectory(folder);
        ProxyUser.MayEnter(folder);
        IReadOnlyDictionary<string, string> values = Values(proxy, folder, port, certificate, places);
        foreach (string file in Directory.EnumerateFiles(RepositoryFiles.At(proxy.Folder)))
            File.WriteAllText(Path.Combine(folder, Path.GetFileName(file)), proxy.Name == "nginx" ? Fill(File.ReadAllText(file), values) : File.ReadAllText(file));
        string run = Path.Combine(folder, "run");
        Directory.CreateDirectory(run);
        ProxyUser.Owns(run);
        var environment = values.ToDictionary(value => value.Key, string? (value) => value.Value);
        environment["XDG_DATA_HOME"] = environment["XDG_CONFIG_HOME"] = run;
        string sample = Path.Combine(folder, proxy.Sample(shape));
        RunningProcess process = await RunningProcess.StartListeningAsync(ProxyPrograms.Find(proxy.Program)!, proxy.Arguments(folder, sample), port, folder, environment);
        return new(process, proxy, port);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static Dictionary<string, string> Values(Proxy proxy, string folder, int port, string certificate, ProxyPlaces places) => new()
    {
        ["HOLDFAST_USER"] = ProxyUser.Name,
        ["HOLDFAST_GROUP"] = ProxyUser.Group,
        ["HOLDFAST_RUN"] = Path.Combine(folder, "run"),
        ["HOLDFAST_MODULES"] = "/usr/lib/apache2/modules",
        ["HOLDFAST_ADDRESS"] = "127.0.0.1",
        ["HOLDFAST_PORT"] = $"{port}",
        ["HOLDFAST_LISTEN"] = $"127.0.0.1:{port}",
        ["HOLDFAST_HOST"] = "localhost",
        ["HOLDFAST_CERTIFICATE"] = certificate,
        ["HOLDFAST_KEY"] = certificate + ".key",
        ["HOLDFAST_API"] = places.Api,
        ["HOLDFAST_GUARD"] = places.Guard,
        ["HOLDFAST_UPSTREAM"] = places.Upstream,
        ["HOLDFAST_ISSUER"] = places.Issuer,
        ["HOLDFAST_LUA"] = Path.Combine(folder, "holdfast.lua"),
        ["HOLDFAST_PROXY_SECRET"] = proxy.UsesSecret ? places.Secret : "",
    };

    private static string Fill(string text, IReadOnlyDictionary<string, string> values) =>
        values.Aggregate(text, (filled, value) => filled.Replace($"${{{value.Key}}}", value.Value, StringComparison.Ordinal));
}

/// <summary>Where a proxy finds the others, as its configuration writes it.</summary>
internal sealed record ProxyPlaces(string Api, string Guard, string Upstream, string Secret, string Issuer);
