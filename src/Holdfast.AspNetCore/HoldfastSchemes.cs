namespace Holdfast.AspNetCore;

/// <summary>The schemes that were added, in order: what is process-wide takes the widest of their settings.</summary>
internal sealed class HoldfastSchemes
{
    public List<string> Names { get; } = [];
}
