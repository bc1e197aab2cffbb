using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Holdfast.Repository.Tests;

public sealed partial class RepositoryTests
{
    private static readonly IReadOnlyList<string> Projects =
        [.. RepositoryFiles.Find("src", "*.csproj"), .. RepositoryFiles.Find("tests", "*.csproj"), .. RepositoryFiles.Find("bench", "*.csproj")];

    [Fact]
    public void The_solution_holds_every_project() =>
        Projects.Except(XDocument.Parse(RepositoryFiles.Read("Holdfast.slnx")).Descendants("Project").Select(item => (string)item.Attribute("Path")!)).ShouldBeEmpty();

    [Fact]
    public void Every_project_has_a_lock_file() =>
        Projects.Where(project => !File.Exists(RepositoryFiles.At(Path.GetDirectoryName(project) + "/packages.lock.json"))).ShouldBeEmpty();

    [Fact]
    public void Package_versions_stand_in_one_place() =>
        Projects.Where(project => XDocument.Parse(RepositoryFiles.Read(project)).Descendants("PackageReference").Any(item => item.Attribute("Version") is not null))
            .ShouldBeEmpty();

    [Fact]
    public void Packages_say_what_they_are()
    {
        XDocument[] packable = [.. RepositoryFiles.Find("src", "*.csproj").Select(file => XDocument.Parse(RepositoryFiles.Read(file)))
            .Where(file => (string?)file.Descendants("IsPackable").SingleOrDefault() == "true")];
        packable.Length.ShouldBe(10);
        foreach (XDocument project in packable)
        {
            ((string?)project.Descendants("Description").SingleOrDefault()).ShouldNotBeNullOrWhiteSpace();
            project.Descendants("None").Select(item => (string?)item.Attribute("Include")).ShouldContain("../../README.md");
        }
    }

    [Fact]
    public void Nothing_names_the_machine_it_was_written_on()
    {
        IEnumerable<string> texts = RepositoryFiles.Find("", "*").Where(file => IsText(file) && !file.StartsWith("data/", StringComparison.Ordinal));
        texts.SelectMany(file => MachinePath().Matches(RepositoryFiles.Read(file)).Select(match => $"{file}: {match.Value}")).ShouldBeEmpty();
    }

    [Fact]
    public void Lock_files_name_no_registry()
    {
        RepositoryFiles.Find("", "package-lock.json").Count.ShouldBe(2);
        RepositoryFiles.Find("", "package-lock.json").Where(file => RepositoryFiles.Read(file).Contains("\"resolved\"", StringComparison.Ordinal)).ShouldBeEmpty();
        RepositoryFiles.Find("", "packages.lock.json").Where(file => RepositoryFiles.Read(file).Contains("://", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void An_assembly_has_its_log_messages_in_one_class() =>
        // The generator orders several classes differently from build to build, and then no package can be built alike.
        RepositoryFiles.Find("src", "*.cs").Where(file => RepositoryFiles.Read(file).Contains("[LoggerMessage", StringComparison.Ordinal))
            .GroupBy(file => file.Split('/')[1]).Where(project => project.Count() > 1).SelectMany(project => project).ShouldBeEmpty();

    [NodeFact]
    public async Task Every_vector_fits_the_schema()
    {
        JsonElement result = await NodeScript.RunAsync("validate-vectors", RepositoryFiles.At("vectors/schema.json"), RepositoryFiles.At("vectors"));
        result.GetProperty("errors").EnumerateArray().Select(error => error.GetRawText()).ShouldBeEmpty();
        result.GetProperty("checked").GetInt32().ShouldBeGreaterThanOrEqualTo(150);
    }

    private static bool IsText(string file) =>
        Path.GetExtension(file) is ".cs" or ".csproj" or ".props" or ".slnx" or ".json" or ".md" or ".txt" or ".sh" or ".mjs" or ".yml" or ".yaml" or ".editorconfig" or ".lua" or "";

    // Home and working folders.
    [GeneratedRegex(@"(?<![\w.*~/-])/(?:work|root|home)/[\w.-]+|(?<!\w)/tmp/(?:wt|plan)\b")]
    private static partial Regex MachinePath();
}
