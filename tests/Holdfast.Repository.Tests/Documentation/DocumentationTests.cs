namespace Holdfast.Repository.Tests;

public sealed class DocumentationTests
{
    [Fact]
    public void Every_relative_link_leads_somewhere()
    {
        MarkdownPage.All.Count.ShouldBeGreaterThan(10);
        MarkdownPage.All.SelectMany(page => page.RelativeLinks.Where(link => !Exists(page, link)).Select(link => $"{page.File}: {link}")).ShouldBeEmpty();
    }

    [Fact]
    public void Every_documented_command_is_run_by_a_test() =>
        MarkdownPage.All.SelectMany(page => page.Commands.Where(command => !DocumentedCommands.RunBy.ContainsKey(command))
            .Select(command => $"{page.File}: {command}")).ShouldBeEmpty();

    [Fact]
    public void The_list_of_documented_commands_has_nothing_that_is_not_documented() =>
        DocumentedCommands.RunBy.Keys.Except(MarkdownPage.All.SelectMany(page => page.Commands)).ShouldBeEmpty();

    [Fact]
    public void The_tests_that_run_documented_commands_exist()
    {
        string tests = string.Join('\n', RepositoryFiles.Find("tests", "*Tests.cs").Select(RepositoryFiles.Read));
        foreach (string name in DocumentedCommands.RunBy.Values.Where(name => name != "this run"))
        {
            string[] parts = name.Split('.');
            tests.ShouldContain($"class {parts[0]}");
            tests.ShouldContain($" {parts[1]}(");
        }
    }

    [Fact]
    public void The_changelog_has_a_place_for_what_comes_next()
    {
        string changelog = RepositoryFiles.Read("CHANGELOG.md");
        changelog.ShouldContain("\n## [Unreleased]\n");
        changelog.ShouldContain("keepachangelog.com");
    }

    private static bool Exists(MarkdownPage page, string link)
    {
        string[] parts = link.Split('#', 2);
        string file = parts[0].Length == 0 ? page.File : Normalise(Path.Combine(Path.GetDirectoryName(page.File)!, parts[0]));
        if (!File.Exists(RepositoryFiles.At(file)) && !Directory.Exists(RepositoryFiles.At(file)))
            return false;
        return parts.Length == 1 || !file.EndsWith(".md", StringComparison.Ordinal) || new MarkdownPage(file).Anchors.Contains(parts[1]);
    }

    private static string Normalise(string relative) => Path.GetRelativePath(RepositoryFiles.Root, Path.GetFullPath(Path.Combine(RepositoryFiles.Root, relative))).Replace('\\', '/');
}
