using System.Text.Json;

namespace Holdfast.IssuerNode;

/// <summary>What a node is told at its start.</summary>
internal sealed record NodeConfig
{
    /// <summary>The public URL of the estate, which a balancer would have.</summary>
    public required string Issuer { get; init; }
    /// <summary>The port of this node, on loopback.</summary>
    public required int Port { get; init; }
    /// <summary>Of this node alone, unless it is the only one.</summary>
    public required string Directory { get; init; }
    /// <summary>The key ring of the estate.</summary>
    public required string KeyRing { get; init; }
    /// <summary>The database of the estate; null for SQLite in <see cref="Directory"/>.</summary>
    public string? PostgreSql { get; init; }
    /// <summary>How long the database may take.</summary>
    public required TimeSpan Deadline { get; init; }
    /// <summary>The public key of the machine client.</summary>
    public required string MachineJwk { get; init; }

    public static NodeConfig Read(string file) => JsonSerializer.Deserialize<NodeConfig>(File.ReadAllText(file))!;

    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this));
}
