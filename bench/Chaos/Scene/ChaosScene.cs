using System.Globalization;
using Holdfast.Testing;

namespace Holdfast.Chaos;

/// <summary>
/// Three API nodes and a guard with an upstream, nginx before them, and where they share a store PostgreSQL with a standby that streams. All real
/// processes on 127.0.0.1; all end with the scene, and with the process that made it.
/// </summary>
internal sealed class ChaosScene : IAsyncDisposable
{
    private const int NodeCount = 3;

    private readonly SceneKind _kind;
    private readonly TemporaryFolder _folder = new();
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _serving = new(1);
    private readonly CancellationTokenSource _end = new();
    private readonly string _origin;
    private readonly Balancer _balancer;
    private readonly int _guardPort;
    private List<Member> _members = [];
    private SceneDatabase? _database;
    private Task _watch = Task.CompletedTask;
    private int _started;

    private ChaosScene(SceneKind kind)
    {
        _kind = kind;
        int[] ports = FreePort.Take(4);
        _guardPort = ports[2];
        _origin = $"http://localhost:{ports[0]}";
        string secret = $"chaos-{Guid.NewGuid():N}";
        Directory.CreateDirectory(AcceptedFolder);
        _folder.Write("guard/secret", secret + "\n");
        _folder.Write("nginx/none", "");
        Issuer = new SceneIssuer(ports[3], Path.Combine(AcceptedFolder, "upstream.log"));
        _balancer = new Balancer(_folder.At("nginx"), ports[0], ports[1], _guardPort, ports[3], secret, keepsCallers: kind is SceneKind.NodeBound);
    }

    public SceneIssuer Issuer { get; }
    /// <summary>The URL that clients call.</summary>
    public string Origin => _origin;
    /// <summary>Where everybody writes what he accepted.</summary>
    public string AcceptedFolder => _folder.At("accepted");
    /// <summary>Of a scene that shares a store.</summary>
    public SceneDatabase Database => _database ?? throw new InvalidOperationException($"{_kind} has no database.");

    /// <summary>All that take proofs now.</summary>
    public IReadOnlyList<Acceptor> Acceptors
    {
        get
        {
            lock (_gate)
                return [.. _members.Select(member => member.Acceptor)];
        }
    }

    /// <summary>The API node in this place.</summary>
    public NodeProcess Node(int place) => Members.Where(member => !member.IsGuard).ElementAt(place).Process;

    public NodeProcess Guard => Members.Single(member => member.IsGuard).Process;

    public static async Task<ChaosScene> StartAsync(SceneKind kind)
    {
        var scene = new ChaosScene(kind);
        try
        {
            await scene.StartAsync();
            return scene;
        }
        catch
        {
            await scene.DisposeAsync();
            throw;
        }
    }

    private async Task StartAsync()
    {
        await Issuer.StartAsync();
        if (_kind is SceneKind.Shared or SceneKind.SharedOrAlone)
            _database = await SceneDatabase.StartAsync();
        Member[] nodes = [.. Enumerable.Range(0, NodeCount).Select(_ => NewNode())];
        Member guard = NewGuard();
        _members = [.. nodes, guard];
        // One first: it makes the schema, whose clock is then taken over.
        await nodes[0].Process.StartAsync();
        await Eventually.IsSoAsync(nodes[0].IsReadyAsync, () => "The first node does not become ready.");
        if (_database is not null)
            await _database.TakeClockOverAsync();
        await Task.WhenAll(nodes.Skip(1).Append(guard).Select(member => member.Process.StartAsync()));
        await _balancer.StartAsync(_members.Select(member => member.ServedPort));
        foreach (Member member in _members)
            member.Watch();
        await Eventually.IsSoAsync(() => Ready.Count == _members.Count, () => "The nodes do not become ready.");
        _watch = WatchAsync();
    }

    /// <summary>A deployment of one place: a new node is started, both serve for a while, the old one is drained and ended.</summary>
    public async Task ReplaceNodeAsync(int place, TimeSpan overlap)
    {
        Member old = Members.Where(member => !member.IsGuard).ElementAt(place), fresh = NewNode();
        await fresh.Process.StartAsync();
        lock (_gate)
            _members = [.. _members, fresh];
        fresh.Watch();
        await Eventually.IsSoAsync(() => fresh.IsReady, () => "The new node does not become ready.");
        await Task.Delay(overlap);
        // In the place of the old one; the attacker may still reach that.
        old.IsDraining = true;
        await ServeAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        await old.Process.EndAsync();
        lock (_gate)
            _members = [.. _members.Where(member => member != old && member != fresh).Take(place), fresh, .. _members.Where(member => member != old && member != fresh).Skip(place)];
        await old.DisposeAsync();
    }

    /// <summary>What nodes, guard and balancer have printed, for a run that failed.</summary>
    public string Output => string.Join('\n', Members.Select(member => $"--- {member.Process.Name}\n{member.Process.Output}").Append($"--- nginx\n{_balancer.Output}"));

    private IReadOnlyList<Member> Members
    {
        get
        {
            lock (_gate)
                return _members;
        }
    }

    // An orchestrator: who is not ready gets no requests. Where nobody is, all are left in, because that is for the nodes to answer.
    private async Task WatchAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            await ServeAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    private IReadOnlyList<Member> Ready => [.. Members.Where(member => member is { IsReady: true, IsDraining: false })];

    private async Task ServeAsync()
    {
        await _serving.WaitAsync();
        try
        {
            IReadOnlyList<Member> ready = Ready;
            await _balancer.ServeAsync((ready.Count > 0 ? ready : Members.Where(member => !member.IsDraining)).Select(member => member.ServedPort));
        }
        finally
        {
            _serving.Release();
        }
    }

    private Member NewNode()
    {
        int port = FreePort.Take(1)[0];
        NodeProcess process = NewProcess("node", $"node-{Interlocked.Increment(ref _started)}", port);
        return new(process, new Acceptor(process.Name, port, _origin), port, isGuard: false);
    }

    private Member NewGuard() =>
        new(NewProcess("guard", "guard", _guardPort), new Acceptor("guard", _balancer.GuardedPort, _origin), _balancer.GuardedPort, isGuard: true);

    private NodeProcess NewProcess(string kind, string name, int port)
    {
        string folder = _folder.At(name);
        Directory.CreateDirectory(folder);
        return new NodeProcess(kind, new NodeConfig
        {
            Name = name, Port = port, Origin = _origin, Issuer = Issuer.Issuer, Kind = _kind, Connection = _database?.Connection, Folder = folder,
            ClockFile = Path.Combine(folder, "clock"), AcceptedFile = Path.Combine(AcceptedFolder, name + ".log"),
        }, Path.Combine(folder, "config.json"));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watch;
        await _balancer.DisposeAsync();
        foreach (Member member in Members)
            await member.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        await Issuer.DisposeAsync();
        _folder.Dispose();
    }
}
