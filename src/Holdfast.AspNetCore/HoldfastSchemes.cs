namespace Holdfast.AspNetCore;

/// <summary>The schemes that were added, in order: what is process-wide takes the widest of their settings.</summary>
internal sealed class HoldfastSchemes
{
    public List<string> Names { get; } = [];

    /// <summary>Those of <see cref="Names"/> whose tokens another handler verifies: of its issuer and its identities nothing is known here.</summary>
    public HashSet<string> Foreign { get; } = new(StringComparer.Ordinal);
}
