namespace Holdfast.Registry;

/// <summary>What an entry of the registry is.</summary>
public enum RegistryKind
{
    /// <summary>A <see cref="Registry.Client"/>.</summary>
    Client = 1,

    /// <summary>A <see cref="Registry.Resource"/>.</summary>
    Resource = 2,

    /// <summary>An <see cref="Registry.IssuerKey"/>.</summary>
    IssuerKey = 3,
}
