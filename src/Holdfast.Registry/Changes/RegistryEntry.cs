namespace Holdfast.Registry;

/// <summary>One entry as it is stored.</summary>
public sealed record RegistryEntry
{
    /// <summary>What it is.</summary>
    public required RegistryKind Kind { get; init; }

    /// <summary>Its identifier among its kind.</summary>
    public required string Id { get; init; }

    /// <summary>Its content, JSON of <see cref="RegistryJson"/>; null where it was removed: the identifier stays taken.</summary>
    public required string? Document { get; init; }

    /// <summary>What must not be shown or recorded: the hash of a client's secret, the encrypted private key of an issuer key. Null where there is none.</summary>
    public byte[]? Secret { get; init; }

    /// <summary>The revision of the registry that it was last changed in.</summary>
    public required long Revision { get; init; }

    /// <summary>When it was first written.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
