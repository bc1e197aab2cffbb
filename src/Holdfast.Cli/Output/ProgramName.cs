namespace Holdfast.Cli.Output;

/// <summary>How this program can be called again: a suggestion that cannot be pasted is none.</summary>
internal static class ProgramName
{
    private const string Short = "holdfast";

    /// <summary><c>holdfast</c> where that is on the path, otherwise the path of this executable.</summary>
    public static string OfProcess()
    {
        if (Environment.ProcessPath is not { } path || !Path.GetFileNameWithoutExtension(path.AsSpan()).SequenceEqual(Short))
            return Short;
        string directory = Path.GetDirectoryName(path)!;
        string[] searched = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (searched.Contains(directory, StringComparer.Ordinal))
            return Short;
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : $".{Path.DirectorySeparatorChar}{relative}";
    }
}
