namespace Holdfast.Registry;

/// <summary>One entry to be written, on condition that it is still as its writer saw it.</summary>
public sealed record RegistryWrite
{
    /// <summary>What it is.</summary>
    public required RegistryKind Kind { get; init; }

    /// <summary>Its identifier among its kind.</summary>
    public required string Id { get; init; }

    /// <summary>Its new content; null removes it.</summary>
    public required string? Document { get; init; }

    /// <summary>The new secret; null leaves it as it is, and empty deletes it.</summary>
    public byte[]? Secret { get; init; }

    /// <summary>The <see cref="RegistryEntry.Revision"/> that it replaces; 0: there must be none, and never was.</summary>
    public required long Replaces { get; init; }

    /// <summary>What is done, for the record: <c>client.add</c>, <c>client.disable</c>, <c>issuer_key.rotate</c>.</summary>
    public required string Action { get; init; }

    /// <summary>What ends with it, in the same transaction.</summary>
    public IReadOnlyList<Revocation> Revocations { get; init; } = [];
}

/// <summary>The answer to a write. The default value says that nothing was written.</summary>
public enum RegistryAnswer
{
    /// <summary>Nothing is known to be written.</summary>
    Unspecified = 0,

    /// <summary>All of it is written.</summary>
    Written = 1,

    /// <summary>An entry had changed meanwhile, or its identifier is taken; nothing is written.</summary>
    Conflict = 2,
}
