namespace Holdfast.Repository.Tests;

/// <summary>
/// A committed file that is made from the sources. It is compared, or written where <c>HOLDFAST_UPDATE_DOCS=1</c> is set; updating and
/// forgetting to commit is noticed by the next run.
/// </summary>
internal static class GeneratedFile
{
    public const string UpdateCommand = "HOLDFAST_UPDATE_DOCS=1 dotnet test tests/Holdfast.Repository.Tests";

    public static void ShouldBeCurrent(string relative, string content)
    {
        string path = RepositoryFiles.At(relative);
        string wanted = content.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        if (Environment.GetEnvironmentVariable("HOLDFAST_UPDATE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, wanted);
            return;
        }
        string found = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        if (found == wanted)
            return;
        string[] was = found.Split('\n'), now = wanted.Split('\n');
        int line = Enumerable.Range(0, Math.Max(was.Length, now.Length)).First(i => was.ElementAtOrDefault(i) != now.ElementAtOrDefault(i));
        Assert.Fail($"""
            {relative} is stale. Update it with: {UpdateCommand}
            first difference, line {line + 1}
              is:    {was.ElementAtOrDefault(line) ?? "(end)"}
              wants: {now.ElementAtOrDefault(line) ?? "(end)"}
            """);
    }
}
