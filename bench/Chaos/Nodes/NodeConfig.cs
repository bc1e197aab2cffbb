using System.Text.Json;
using Holdfast.Replay.PostgreSql;

namespace Holdfast.Chaos;

/// <summary>What a node or a guard is told at its start.</summary>
internal sealed record NodeConfig
{
    /// <summary>Its name in the log of what was accepted.</summary>
    public required string Name { get; init; }
    public required int Port { get; init; }
    /// <summary>The URL of the balancer, which proofs name.</summary>
    public required string Origin { get; init; }
    public required string Issuer { get; init; }
    public required SceneKind Kind { get; init; }
    /// <summary>Of the shared store; null where each node has a store of its own.</summary>
    public string? Connection { get; init; }
    /// <summary>What it does while it cannot ask that.</summary>
    public ReplayLoss WhenUnavailable => Kind == SceneKind.SharedOrAlone ? ReplayLoss.Nonce : ReplayLoss.Refuse;
    /// <summary>Holds how far its wall clock is off, in milliseconds.</summary>
    public required string ClockFile { get; init; }
    /// <summary>Where it writes what it accepted.</summary>
    public required string AcceptedFile { get; init; }
    /// <summary>A folder of its own.</summary>
    public required string Folder { get; init; }

    public static NodeConfig Read(string file) => JsonSerializer.Deserialize<NodeConfig>(File.ReadAllText(file))!;

    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this));
}
