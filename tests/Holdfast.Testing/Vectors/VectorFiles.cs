namespace Holdfast.Testing.Vectors;

/// <summary>Finds and reads the vectors of the repository.</summary>
public static class VectorFiles
{
    private static readonly string[] NotVectors = ["generate", "keys"];

    private static readonly Lazy<IReadOnlyDictionary<string, TestVector>> Loaded = new(Load);

    /// <summary>All vectors, by <c>folder/id</c>.</summary>
    public static IReadOnlyDictionary<string, TestVector> All => Loaded.Value;

    public static string Root { get; } = FindRoot();

    private static Dictionary<string, TestVector> Load()
    {
        var vectors = new Dictionary<string, TestVector>(StringComparer.Ordinal);
        foreach (string folder in Directory.EnumerateDirectories(Root).Where(path => !NotVectors.Contains(Path.GetFileName(path))).Order(StringComparer.Ordinal))
        {
            foreach (string file in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
            {
                string name = $"{Path.GetFileName(folder)}/{Path.GetFileNameWithoutExtension(file)}";
                vectors.Add(name, TestVector.Parse(name, File.ReadAllBytes(file)));
            }
        }
        return vectors;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Holdfast.slnx")))
                return Path.Combine(folder.FullName, "vectors");
        }
        throw new DirectoryNotFoundException("The vectors are beside Holdfast.slnx, above the tests.");
    }
}
