using System.Text.Json;

namespace Holdfast.Repository.Tests;

/// <summary>What the coverage page needs of a test vector: its id and the requirements it is about.</summary>
internal sealed record Vector(string Id, string File, IReadOnlyList<string> Spec)
{
    public static IReadOnlyList<Vector> ReadAll() => [.. RepositoryFiles.Find("vectors", "*.json").Select(Read).OfType<Vector>()];

    private static Vector? Read(string file)
    {
        using JsonDocument json = JsonDocument.Parse(RepositoryFiles.Read(file));
        // The schema and the keys are JSON too, and no cases.
        if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("spec", out JsonElement spec)
            || spec.ValueKind != JsonValueKind.Array || !json.RootElement.TryGetProperty("id", out JsonElement id))
            return null;
        return new(id.GetString()!, file, [.. spec.EnumerateArray().SelectMany(item => Requirement.IdsIn(item.GetString()!)).Distinct()]);
    }
}
