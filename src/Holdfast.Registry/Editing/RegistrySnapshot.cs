using System.Collections.Immutable;

namespace Holdfast.Registry;

/// <summary>The registry as it was at one position. Immutable.</summary>
public sealed class RegistrySnapshot
{
    private readonly ImmutableDictionary<(RegistryKind Kind, string Id), RegistryEntry> _entries;

    private RegistrySnapshot(RegistryPosition position, ImmutableDictionary<(RegistryKind, string), RegistryEntry> entries)
    {
        (Position, _entries) = (position, entries);
        Clients = [.. entries.Values.Where(entry => entry is { Kind: RegistryKind.Client, Document: not null })
            .Select(entry => new RegisteredClient(RegistryJson.ReadClient(entry.Document!), entry)).OrderBy(client => client.Client.ClientId, StringComparer.Ordinal)];
        Resources = [.. entries.Values.Where(entry => entry is { Kind: RegistryKind.Resource, Document: not null })
            .Select(entry => new RegisteredResource(RegistryJson.ReadResource(entry.Document!), entry)).OrderBy(resource => resource.Resource.Identifier, StringComparer.Ordinal)];
    }

    /// <summary>Before anything was read.</summary>
    public static RegistrySnapshot Empty { get; } = new(RegistryPosition.Start, ImmutableDictionary<(RegistryKind, string), RegistryEntry>.Empty);

    /// <summary>Up to where it is known.</summary>
    public RegistryPosition Position { get; }

    /// <summary>The clients, by identifier; those that were removed are not among them.</summary>
    public IReadOnlyList<RegisteredClient> Clients { get; }

    /// <summary>The resources, by identifier.</summary>
    public IReadOnlyList<RegisteredResource> Resources { get; }

    /// <summary>An entry, also one that was removed and only keeps its identifier; null where there never was one.</summary>
    public RegistryEntry? Find(RegistryKind kind, string id) => _entries.GetValueOrDefault((kind, id));

    /// <summary>A client; null where there is none.</summary>
    public RegisteredClient? FindClient(string clientId) => Clients.FirstOrDefault(client => string.Equals(client.Client.ClientId, clientId, StringComparison.Ordinal));

    /// <summary>A resource by its identifier; null where there is none.</summary>
    public RegisteredResource? FindResource(string identifier) => Resources.FirstOrDefault(resource => string.Equals(resource.Resource.Identifier, identifier, StringComparison.Ordinal));

    /// <summary>The registry after these changes.</summary>
    public RegistrySnapshot With(RegistryChanges changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        if (!changes.IsWhole && changes.Entries.Count == 0)
            return changes.Position == Position ? this : new(changes.Position, _entries);
        var entries = changes.IsWhole ? ImmutableDictionary<(RegistryKind, string), RegistryEntry>.Empty : _entries;
        return new(changes.Position, entries.SetItems(changes.Entries.Select(entry => KeyValuePair.Create((entry.Kind, entry.Id), entry))));
    }
}

/// <summary>A client in its entry.</summary>
public sealed record RegisteredClient(Client Client, RegistryEntry Entry)
{
    /// <summary>Whether the hash of a secret is stored with it.</summary>
    public bool HasSecret => Entry.Secret is { Length: > 0 };
}

/// <summary>A resource in its entry.</summary>
public sealed record RegisteredResource(Resource Resource, RegistryEntry Entry);
