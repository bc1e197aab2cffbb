using Holdfast.Guard;
using Holdfast.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Chaos;

/// <summary>The guard as its command runs it, with the clock and the store of the scene.</summary>
internal static class ChaosGuard
{
    public static async Task<int> RunAsync(NodeConfig node)
    {
        ParentWatch.Start();
        GuardConfig config = GuardConfig.TryRead(Yaml(node), node.Folder, static _ => null, out IReadOnlyList<GuardConfigProblem> problems)
            ?? throw new InvalidOperationException(string.Join('\n', problems));
        await using GuardServer server = await GuardServer.StartAsync(config, new GuardServerOptions
        {
            Time = new MovableTimeProvider(node.ClockFile),
            ConfigureLogging = NodeLogging.Configure,
            ConfigureServices = services => AddStore(services, node),
        });
        Console.WriteLine(ChaosNode.Ready);
        await Task.Delay(Timeout.InfiniteTimeSpan);
        return 0;
    }

    private static void AddStore(IServiceCollection services, NodeConfig node)
    {
        if (node.Kind == SceneKind.Nothing)
            services.AddSingleton<IReplayStore>(LonelyStore.Create);
        if (node.Connection is { } connection)
            services.AddPostgreSqlReplay(o => (o.ConnectionString, o.WhenUnavailable) = (connection, node.WhenUnavailable));
    }

    private static string Yaml(NodeConfig node) => $"""
        name: http://127.0.0.1:{node.Port}
        data_directory: {node.Folder}/data
        nonces: {(node.Kind switch { SceneKind.Nothing => "off", SceneKind.NodeBound => "always", _ => "on-demand" })}
        single_instance: {(node.Kind == SceneKind.Nothing ? "true" : "false")}
        listeners:
          - address: 127.0.0.1:{node.Port}
            adapters: [nginx]
            trust: {"{"} addresses: [127.0.0.1], secrets: [{"{"} file: secret {"}"}] {"}"}
        issuers:
          - issuer: {node.Issuer}
        resources:
          - {"{"} name: orders, issuer: "{node.Issuer}", audience: "{node.Origin}" {"}"}
        routes:
          - {"{"} origin: "{node.Origin}", resource: orders, upstream: orders {"}"}
        """;
}
