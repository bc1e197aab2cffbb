using Holdfast.IssuerNode;

namespace Holdfast.Integration.Tests.Crash;

/// <summary>An issuer of one or two nodes, and the key of the machine client that they know.</summary>
internal sealed class Estate : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<IssuerNodeProcess> _nodes = [];

    private Estate(string issuer) => Issuer = issuer;

    /// <summary>The public URL, at which nobody listens: whoever calls a node plays the balancer.</summary>
    public string Issuer { get; }

    public TestKey MachineKey { get; } = TestKey.Es256("machine-1");

    public IReadOnlyList<IssuerNodeProcess> Nodes => _nodes;

    /// <summary>So many nodes on this database; without one a single node with SQLite. Unless they are told otherwise, a database on a busy machine may take its time.</summary>
    public static async Task<Estate> StartAsync(int nodes = 1, string? database = null, TimeSpan? deadline = null)
    {
        int[] ports = FreePort.Take(nodes + 1);
        var estate = new Estate($"http://localhost:{ports[^1]}");
        try
        {
            for (int i = 0; i < nodes; i++)
            {
                var node = new IssuerNodeProcess(new()
                {
                    Issuer = estate.Issuer, Port = ports[i], PostgreSql = database, KeyRing = estate._folder.At("key-ring"), Deadline = deadline ?? TimeSpan.FromSeconds(10), MachineJwk = estate.MachineKey.PublicJwk().ToJsonString(),
                    Directory = Directory.CreateDirectory(estate._folder.At($"node-{i}"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName,
                });
                estate._nodes.Add(node);
                await node.StartAsync();
            }
            return estate;
        }
        catch
        {
            await estate.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the nodes have written, for a test that fails.</summary>
    public string Output => string.Join("\n---\n", _nodes.Select(node => node.Output));

    public async ValueTask DisposeAsync()
    {
        foreach (IssuerNodeProcess node in _nodes)
            await node.DisposeAsync();
        _folder.Dispose();
    }
}
