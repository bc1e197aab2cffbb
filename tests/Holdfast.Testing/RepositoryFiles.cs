namespace Holdfast.Testing;

/// <summary>The files of this repository, found upwards from the test's own output: source paths in assemblies are mapped away in CI.</summary>
public static class RepositoryFiles
{
    /// <summary>The folder that holds <c>Holdfast.slnx</c>.</summary>
    public static readonly string Root = FindRoot();

    /// <summary>The full path of a file named from the root.</summary>
    public static string At(string relative) => Path.Combine(Root, relative.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Its text, with line feeds.</summary>
    public static string Read(string relative) => File.ReadAllText(At(relative)).ReplaceLineEndings("\n");

    /// <summary>Files below a folder, as sorted paths relative to the root; build output and downloaded packages are left out.</summary>
    public static IReadOnlyList<string> Find(string folder, string pattern)
    {
        string start = folder.Length == 0 ? Root : At(folder);
        if (!Directory.Exists(start))
            return [];
        return [.. Directory.EnumerateFiles(start, pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(part => part is "obj" or "bin" or "artifacts" or "node_modules" or "TestResults" or ".git"))
            .Order(StringComparer.Ordinal)];
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Holdfast.slnx")))
                return folder.FullName;
        }
        throw new InvalidOperationException("The tests run inside a clone of the repository.");
    }
}
