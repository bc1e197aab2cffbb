using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>Clients and resources as they are at one position of the registry, those of the settings among them. Immutable.</summary>
internal sealed record IssuerSnapshot
{
    /// <summary>The position; what is decided by this snapshot is written on condition that the registry is still there.</summary>
    public required RegistryPosition Position { get; init; }
    /// <summary>When this line of history began by a restored backup; null for the first.</summary>
    public required DateTimeOffset? RestoredAt { get; init; }
    /// <summary>The entries of the registry, by kind and identifier.</summary>
    public required IReadOnlyDictionary<(RegistryKind Kind, string Id), RegistryEntry> Entries { get; init; }
    /// <summary>By identifier. Disabled ones are among them, and are refused by whoever asks.</summary>
    public required IReadOnlyDictionary<string, IssuerClient> Clients
    {
        get;
        init => (field, HasSlowSecrets) = (value, value.Values.Any(client => client.SecretHash is { IsSlow: true }));
    }

    /// <summary>True where any client has a secret that is slow to compare.</summary>
    public bool HasSlowSecrets { get; private init; }
    /// <summary>By <see cref="ResourceIdentifier.Key"/> of each of its names.</summary>
    public required IReadOnlyDictionary<string, IssuerResource> Resources { get; init; }

    /// <summary>The resource of this name, its own or an alternate one; null where there is none.</summary>
    public IssuerResource? FindResource(string name) => Resources.GetValueOrDefault(ResourceIdentifier.Key(name));
}
