namespace Holdfast.Repository.Tests;

/// <summary>Requirements joined with the checks, vectors and tests that cite them.</summary>
internal sealed class Coverage
{
    public required IReadOnlyList<Requirement> Requirements { get; init; }
    public required ILookup<string, Citation> Checks { get; init; }
    public required ILookup<string, Citation> Tests { get; init; }
    public required ILookup<string, Vector> Vectors { get; init; }
    public required bool HasVectors { get; init; }

    public static Coverage Read()
    {
        IReadOnlyList<string> sources = RepositoryFiles.Find("src", "*.cs");
        // The drill is an attack on the checks, not one of them.
        Citation[] checks = [.. sources.Where(file => !IsDrill(file)).SelectMany(Citation.In).Distinct()];
        Citation[] tests =
        [
            .. RepositoryFiles.Find("tests", "*.cs").Where(file => !file.StartsWith("tests/Holdfast.Repository.Tests/SpecCoverage", StringComparison.Ordinal))
                .Concat(RepositoryFiles.Find("tests/npm", "*.mjs")).Concat(sources.Where(IsDrill)).SelectMany(Citation.In).Distinct(),
        ];
        IReadOnlyList<Vector> vectors = Vector.ReadAll();
        return new()
        {
            Requirements = Requirement.ReadAll(),
            Checks = checks.ToLookup(citation => citation.Id),
            Tests = tests.ToLookup(citation => citation.Id),
            Vectors = vectors.SelectMany(vector => vector.Spec.Select(id => (id, vector))).ToLookup(pair => pair.id, pair => pair.vector),
            HasVectors = vectors.Count > 0,
        };
    }

    private static bool IsDrill(string file) => file.StartsWith("src/Holdfast.Conformance/", StringComparison.Ordinal);
}
