namespace Holdfast.Repository.Tests;

/// <summary>
/// A copy of the product's sources in a repository of its own, so that packing neither disturbs the build under test nor depends on how
/// this clone was made.
/// </summary>
internal static class Checkout
{
    public const string Remote = "https://github.com/holdfast-example/holdfast";

    private static readonly string[] RootFiles =
        ["Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig", ".gitattributes", ".gitignore", "README.md", "LICENSE", "eng/BannedSymbols.txt"];

    private static readonly string[] PackedProjects = ["Holdfast.Core", "Holdfast.Client", "Holdfast.AspNetCore", "Holdfast.AspNetCore.JwtBearer", "Holdfast.Control", "Holdfast.Guard", "Holdfast.Issuer", "Holdfast.Registry", "Holdfast.Replay.PostgreSql", "Holdfast.Storage"];

    public static async Task CreateAsync(string folder)
    {
        foreach (string file in RootFiles.Concat(PackedProjects.SelectMany(project => RepositoryFiles.Find($"src/{project}", "*"))))
        {
            string target = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(RepositoryFiles.At(file), target);
        }
        string projects = string.Concat(PackedProjects.Select(project => $"<Project Path=\"src/{project}/{project}.csproj\" />"));
        File.WriteAllText(Path.Combine(folder, "Packed.slnx"), $"<Solution>{projects}</Solution>");

        // The same date, so that two copies are the same commit.
        var environment = new Dictionary<string, string?>
        {
            ["GIT_AUTHOR_DATE"] = "2026-01-01T00:00:00Z", ["GIT_COMMITTER_DATE"] = "2026-01-01T00:00:00Z", ["GIT_CONFIG_GLOBAL"] = "/dev/null",
        };
        await RunAsync(folder, environment, "git", "init", "-q", "-b", "main");
        await RunAsync(folder, environment, "git", "remote", "add", "origin", Remote);
        await RunAsync(folder, environment, "git", "add", "-A");
        await RunAsync(folder, environment, "git", "-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "-q", "-m", "packed");
    }

    public static async Task<string> RunAsync(string folder, IReadOnlyDictionary<string, string?> environment, string file, params string[] arguments)
    {
        (int code, string output, string error) = await ProcessRun.ToEndAsync(file, arguments, folder, environment);
        code.ShouldBe(0, $"{file} {string.Join(' ', arguments)}\n{output}\n{error}");
        return output;
    }
}
