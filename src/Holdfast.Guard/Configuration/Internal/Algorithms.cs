namespace Holdfast.Guard.Internal;

/// <summary>Reads a list of algorithms.</summary>
internal static class Algorithms
{
    public static IReadOnlyList<string> Read(YamlMap map, string member, IReadOnlyList<string> standard, IReadOnlyList<string> implemented)
    {
        if (!map.Has(member))
            return standard;
        IReadOnlyList<string> chosen = [.. map.Texts(member).Distinct(StringComparer.Ordinal)];
        if (map.IsEmptyList(member))
            map.Problem(member, "empty; leave it out for the default, or name at least one algorithm.");
        foreach (string algorithm in chosen.Where(algorithm => !implemented.Contains(algorithm, StringComparer.Ordinal)))
            map.Problem(member, $"'{algorithm}' is not implemented; choose from {string.Join(", ", implemented)}.");
        return chosen;
    }
}
