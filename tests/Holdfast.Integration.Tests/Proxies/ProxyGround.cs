using System.Security.Cryptography;

namespace Holdfast.Integration.Tests;

/// <summary>
/// Everything that stands behind the proxies, once for all tests of them: an issuer, an API, a guard, a plain upstream; and each proxy in each shape,
/// started when a test first asks for it.
/// </summary>
public sealed class ProxyGround : IAsyncLifetime
{
    internal const string Audience = "https://orders.example";
    private readonly TemporaryFolder _folder = new();
    private readonly SemaphoreSlim _one = new(1);
    private readonly Dictionary<string, ProxyProcess> _running = [];
    private ProxyIssuer? _issuer;
    private ProxiedApi? _api;
    private GuardProcess? _guard;
    private RunningProcess? _upstream;
    private ProxyConnections? _connections;
    private StubGuard? _stub;
    private IReadOnlyList<ProxyPlan> _stubbed = [];

    internal ProxyCertificates Certificates { get; private set; } = null!;
    internal TestIssuer Issuer => _issuer!.Issuer;
    internal ProxySignals ApiSignals { get; } = new();
    internal ProxySignals GuardSignals { get; } = new();

    /// <summary>The nonces that servers gave, shared as a client's connections share them.</summary>
    internal ProxyNonces Nonces { get; } = new();

    /// <summary>What the API and the guard of this ground know.</summary>
    internal ProxyBackground Background { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (ProxyPrograms.Installed.Count == 0)
            return;
        ProxyUser.MayEnter(_folder.Path);
        Certificates = new ProxyCertificates(_folder.Path);
        _connections = new ProxyConnections(Certificates);
        int[] ports = FreePort.Take(3 + (4 * ProxyPrograms.Installed.Count));
        _issuer = await ProxyIssuer.StartAsync(ports[2]);
        Background = new ProxyBackground
        {
            Plans = [.. ProxyPrograms.Installed.Select((proxy, index) => new ProxyPlan(proxy, _folder.Path, ports[(3 + (4 * index))..]))],
            Issuer = Issuer.Url,
            Audience = Audience,
            Secret = Convert.ToHexString(RandomNumberGenerator.GetBytes(24)),
            GuardName = $"http://127.0.0.1:{ports[0]}",
            Upstream = $"127.0.0.1:{ports[1]}",
            ApiSignals = ApiSignals,
            GuardSignals = GuardSignals.Add,
        };
        Task<GuardProcess> guard = GuardProcess.StartAsync(Background, _folder.At("guard"));
        _upstream = await Background.StartUpstreamAsync();
        _api = await ProxiedApi.StartAsync(Background);
        _guard = await guard;
    }

    public async Task DisposeAsync()
    {
        foreach (ProxyProcess proxy in _running.Values)
            await proxy.DisposeAsync();
        foreach (IAsyncDisposable? one in new IAsyncDisposable?[] { _stub, _guard, _api, _upstream, _issuer })
        {
            if (one is not null)
                await one.DisposeAsync();
        }
        _connections?.Dispose();
        Certificates?.Dispose();
        _folder.Dispose();
    }

    /// <summary>The proxy in this shape, before the API or the guard of this ground.</summary>
    internal Task<ProxyProcess> ThroughAsync(string proxy, ProxyShape shape) => ThroughAsync($"{proxy}-{shape}", Plan(proxy), shape, Plan(proxy).GuardPlace);

    /// <summary>The proxy with a stub in the guard's place.</summary>
    internal async Task<ProxyProcess> ThroughStubAsync(string proxy, ProxyShape shape)
    {
        await StartStubAsync();
        ProxyPlan plan = _stubbed.Single(plan => plan.Proxy.Name == proxy);
        return await ThroughAsync($"{proxy}-{shape}-stub", plan, shape, plan.GuardPlace);
    }

    private async Task StartStubAsync()
    {
        await _one.WaitAsync();
        try
        {
            if (_stub is not null)
                return;
            Directory.CreateDirectory(_folder.At("stub"));
            ProxyUser.MayEnter(_folder.At("stub"));
            _stubbed = [.. ProxyPrograms.Installed.Select(one => new ProxyPlan(one, _folder.At("stub"), FreePort.Take(4)))];
            _stub = await StubGuard.StartAsync(_stubbed);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The proxy with nobody in the guard's place.</summary>
    internal Task<ProxyProcess> ThroughNobodyAsync(string proxy, ProxyShape shape)
    {
        var plan = new ProxyPlan(Proxy.Named(proxy), _folder.At("nobody"), FreePort.Take(4));
        return ThroughAsync($"{proxy}-{shape}-nobody", plan, shape, plan.GuardPlace);
    }

    /// <summary>What people use instead of the guard, before the same upstream.</summary>
    internal Task<ProxyProcess> ThroughModOAuth2Async() =>
        ThroughAsync("mod_oauth2", new ProxyPlan(Proxy.ModOAuth2, _folder.At("mod_oauth2"), FreePort.Take(4)), ProxyShape.Guard, "");

    private async Task<ProxyProcess> ThroughAsync(string name, ProxyPlan plan, ProxyShape shape, string guard)
    {
        await _one.WaitAsync();
        try
        {
            return _running.TryGetValue(name, out ProxyProcess? running) && !running.HasExited
                ? running
                : _running[name] = await ProxyProcess.StartAsync(plan.Proxy, shape, _folder.At(name), plan.Port(shape), Certificates.ServerFile, new(plan.ApiPlace, guard, Background.Upstream, Background.Secret, Issuer.Url));
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Sends a request, and remembers the nonce of the answer.</summary>
    internal async Task<ProxyAnswer> SendAsync(ProxyProcess proxy, ProxyRequest request)
    {
        ProxyAnswer answer = await Connections.SendAsync(proxy, request);
        Nonces.Learn(proxy, answer);
        return answer;
    }

    internal ProxyPlan Plan(string proxy) => Background.Plans.Single(plan => plan.Proxy.Name == proxy);

    internal ProxyConnections Connections => _connections!;

    internal StubGuard Stub => _stub!;

    internal ProxySignals Signals(ProxyShape shape) => shape == ProxyShape.Api ? ApiSignals : GuardSignals;

    /// <summary>What the processes said, for a test that failed.</summary>
    internal string Logs(ProxyProcess proxy) => $"--- {proxy.Proxy} ---\n{proxy.Log}\n--- guard ---\n{_guard?.Output}";

}

/// <summary>The tests of the proxies run one after the other, and share the ground.</summary>
[CollectionDefinition(Name)]
public sealed class ProxyTests : ICollectionFixture<ProxyGround>
{
    public const string Name = "proxies";
}
