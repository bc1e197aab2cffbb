namespace Holdfast.Issuer;

/// <summary>The comparison of resource identifiers (RFC 8707 §2), which is the registry's.</summary>
internal static class ResourceIdentifier
{
    /// <inheritdoc cref="Registry.ResourceIdentifier.IsValid"/>
    public static bool IsValid(string identifier) => Registry.ResourceIdentifier.IsValid(identifier);

    /// <inheritdoc cref="Registry.ResourceIdentifier.Key"/>
    public static string Key(string identifier) => Registry.ResourceIdentifier.Key(identifier);
}
