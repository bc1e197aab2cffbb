namespace Holdfast.Testing;

/// <summary>
/// A committed file that is made from the sources. It is compared, or written where <c>HOLDFAST_UPDATE_DOCS=1</c> is set; updating and
/// forgetting to commit is noticed by the next run.
/// </summary>
public static class GeneratedFile
{
    /// <summary>The command that writes the files instead of comparing them.</summary>
    public const string UpdateCommand = "HOLDFAST_UPDATE_DOCS=1 dotnet test tests/Holdfast.Repository.Tests";

    /// <summary>A part of a file, between the comments <c>&lt;!-- name --&gt;</c> and <c>&lt;!-- /name --&gt;</c>.</summary>
    public static void SectionShouldBeCurrent(string relative, string name, string content)
    {
        string text = RepositoryFiles.Read(relative), start = $"<!-- {name} -->\n", end = $"<!-- /{name} -->";
        int from = text.IndexOf(start, StringComparison.Ordinal) + start.Length, to = text.IndexOf(end, StringComparison.Ordinal);
        to.ShouldBeGreaterThanOrEqualTo(from, $"{relative} has no section {name}");
        ShouldBeCurrent(relative, text[..from] + content.ReplaceLineEndings("\n").TrimEnd('\n') + "\n" + text[to..]);
    }

    /// <summary>The whole of a file.</summary>
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
            {relative} is stale. Run this test with HOLDFAST_UPDATE_DOCS=1, as in: {UpdateCommand}
            first difference, line {line + 1}
              is:    {was.ElementAtOrDefault(line) ?? "(end)"}
              wants: {now.ElementAtOrDefault(line) ?? "(end)"}
            """);
    }
}
