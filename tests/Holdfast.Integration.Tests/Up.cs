using System.Text.Json;

namespace Holdfast.Integration.Tests;

/// <summary><c>holdfast up</c> as a process, on free ports and in a directory of its own unless told otherwise.</summary>
public sealed class Up : IAsyncDisposable
{
    /// <summary>The program as it was built, in the configuration of this test.</summary>
    public static readonly string Program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Holdfast.Cli",
        new DirectoryInfo(AppContext.BaseDirectory).Name, "holdfast.dll"));

    private readonly RunningProcess _process;
    private readonly JsonElement _document;

    private Up(RunningProcess process, string directory, JsonElement document) => (_process, Directory, _document) = (process, directory, document);

    public string Directory { get; }
    public string JsonPath => Path.Combine(Directory, "up.json");
    public string Issuer => Member("issuer");
    public string Resource => Member("resource");
    public string Audience => Member("audience");
    public string Scope => Member("scope");
    public string ClientId => Member("client_id");
    public string ClientKeyPem => Member("client_key_pem");
    public string CaPem => Member("ca_pem");
    public string MtlsResource => Member("mtls_resource");
    public string MtlsClientId => Member("mtls_client_id");
    public string MtlsCertificatePem => Member("mtls_certificate_pem");
    public string MtlsKeyPem => Member("mtls_key_pem");
    public Uri Orders => new(Resource + "/orders");
    public string Output => _process.Output;
    public long WorkingSet => _process.WorkingSet;
    public bool HasExited => _process.HasExited;

    /// <summary>Starts it; ready means that <c>up.json</c> is there and both servers answer.</summary>
    public static async Task<Up> StartAsync(string directory, int issuerPort, int apiPort, string nonce = "on-demand", string? postgres = null)
    {
        RunningProcess process = await RunningProcess.StartAsync("dotnet",
            [Program, "up", "--data", directory, "--issuer-port", $"{issuerPort}", "--api-port", $"{apiPort}", "--nonce", nonce, "--json", .. postgres is null ? Array.Empty<string>() : ["--postgres", postgres]],
            line => line.StartsWith("{\"issuer\"", StringComparison.Ordinal), directory);
        return new(process, directory, JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(directory, "up.json"))).RootElement);
    }

    public static Task<Up> StartAsync(string directory, string nonce = "on-demand", string? postgres = null)
    {
        int[] ports = FreePort.Take(2);
        return StartAsync(directory, ports[0], ports[1], nonce, postgres);
    }

    /// <summary>The same again, on the same directory and ports.</summary>
    public Task<Up> StartAgainAsync(string nonce = "on-demand") => StartAsync(Directory, new Uri(Issuer).Port, new Uri(Resource).Port, nonce);

    public Task KillAsync() => _process.KillAsync();

    public Task<int> SignalAsync(string signal) => _process.SignalAsync(signal);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private string Member(string name) => _document.GetProperty(name).GetString()!;
}
