using System.Net;
using System.Net.Sockets;
using System.Text;
using Holdfast.AspNetCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.Guard.Tests;

/// <summary>A guard on a free port, its issuer and one honest caller, on a clock that stands still.</summary>
public sealed class TestGuard : IAsyncDisposable
{
    public const string Origin = "https://api.example.com";
    public const string Secret = "a-secret-that-the-proxy-shares-1";
    public const string Upstream = "orders-service";
    public const string Name = "https://guard.example.com";

    /// <summary>The configuration that a test starts from.</summary>
    public const string Yaml = $$"""
        name: {{Name}}
        data_directory: data
        listeners:
          - address: 127.0.0.1:0
            adapters: [nginx, forward, envoy, haproxy, apache]
            trust:
              addresses: [127.0.0.1]
              secrets: [{ file: secret }]
        issuers:
          - issuer: https://issuer.example
        resources:
          - name: orders
            issuer: https://issuer.example
            audience: https://api.example.com
        routes:
          - origin: https://api.example.com
            resource: orders
            scopes: [orders.read]
            upstream: orders-service
        nonces: on-demand
        """;

    private readonly TemporaryFolder _folder;
    private readonly GuardServer _server;

    private TestGuard(TemporaryFolder folder, GuardServer server, TestIssuer issuer, ManualTimeProvider clock, Recorder recorded) =>
        (_folder, _server, Issuer, Clock, Recorded) = (folder, server, issuer, clock, recorded);

    public TestIssuer Issuer { get; }
    public ManualTimeProvider Clock { get; }
    public Recorder Recorded { get; }
    public TestKey Key { get; } = TestKey.Es256();
    public IReadOnlyList<string> Addresses => _server.Addresses;
    public string Folder => _folder.Path;

    public static async Task<TestGuard> StartAsync(Func<string, string>? edit = null, TestIssuer? issuer = null, Action<IServiceCollection>? services = null,
        ManualTimeProvider? clock = null, TemporaryFolder? folder = null, bool isFenced = false)
    {
        folder ??= new TemporaryFolder();
        folder.Write("secret", Secret + "\n");
        issuer ??= new TestIssuer();
        clock ??= new ManualTimeProvider();
        var recorded = new Recorder();
        string yaml = edit?.Invoke(Yaml) ?? Yaml;
        GuardConfig? config = GuardConfig.TryRead(yaml, folder.Path, _ => null, out IReadOnlyList<GuardConfigProblem> problems);
        config.ShouldNotBeNull(string.Join('\n', problems));
        GuardServer server = await GuardServer.StartAsync(config, new GuardServerOptions
        {
            Time = clock,
            ConfigureLogging = logging => logging.AddProvider(recorded).SetMinimumLevel(LogLevel.Debug),
            ConfigureServices = collection =>
            {
                collection.AddSingleton<IVerificationObserver>(recorded);
                collection.AddHttpClient(HoldfastDefaults.IssuerHttpClient).ConfigurePrimaryHttpMessageHandler(() => issuer.Handler);
                if (!isFenced)
                    collection.AddSingleton<IReplayStore>(provider => new EmbeddedReplayStore(new EmbeddedReplayStoreOptions { NoPredecessor = true }, provider.GetRequiredService<VerifierClock>()));
                services?.Invoke(collection);
            },
        });
        return new TestGuard(folder, server, issuer, clock, recorded);
    }

    /// <summary>A good token bound to the caller's key.</summary>
    public string BoundToken() => Issuer.Token(Origin, Clock.UtcNow, Key.Thumbprint);

    /// <summary>A good token that nothing binds.</summary>
    public string BearerToken() => Issuer.Token(Origin, Clock.UtcNow);

    public TestProof Proof(string method, string path, string token, string? nonce = null) => new(Key, method, Origin + path, Clock.UtcNow, token, nonce);

    /// <summary>The fields of an honest caller.</summary>
    public string[] Credentials(string method, string path, string? nonce = null)
    {
        string token = BoundToken();
        return [$"Authorization: DPoP {token}", $"DPoP: {Proof(method, path.Split('?')[0], token, nonce)}"];
    }

    /// <summary>Asks as nginx does.</summary>
    public Task<GuardAnswer> AskNginxAsync(string method, string uri, params string[] lines) => AskAsync("/authorize/nginx", [.. NginxLines(method, uri), .. lines]);

    /// <summary>Asks as nginx does, for the honest caller.</summary>
    public Task<GuardAnswer> AskAsHonestAsync(string method = "GET", string uri = "/orders") => AskNginxAsync(method, uri, Credentials(method, uri));

    public static string[] NginxLines(string method = "GET", string uri = "/orders", string host = "api.example.com", string scheme = "https") =>
        [$"Host: {host}", $"X-Original-Method: {method}", $"X-Original-Scheme: {scheme}", $"X-Original-Host: {host}", $"X-Original-URI: {uri}", $"Holdfast-Proxy-Secret: {Secret}"];

    public Task<GuardAnswer> AskAsync(string target, IEnumerable<string> lines) => SendAsync($"GET {target} HTTP/1.1", lines);

    public async Task<GuardAnswer> SendAsync(string requestLine, IEnumerable<string> lines, int listener = 0)
    {
        string address = Addresses[listener];
        if (address.StartsWith("http://unix:", StringComparison.Ordinal))
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(address["http://unix:".Length..]));
            await using var stream = new NetworkStream(socket);
            return await GuardAnswer.ToAsync(stream, requestLine, lines);
        }
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(address).Port);
        return await GuardAnswer.ToAsync(client.GetStream(), requestLine, lines);
    }

    /// <summary>Stops it and keeps its folder, for one that starts after it.</summary>
    public async Task<TemporaryFolder> StopAsync()
    {
        await _server.DisposeAsync();
        return _folder;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }
}
