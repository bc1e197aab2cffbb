using System.Xml.Linq;

namespace Holdfast.Repository.Tests;

public sealed class ArchitectureTests
{
    // Inside the base class library, yet not for Core: it is told the time and handed its stores.
    private static readonly string[] NotForCore =
    [
        "Microsoft.", "System.Data.", "System.Net.Http.", "System.Net.Sockets.Socket", "System.Net.Sockets.Tcp", "System.Net.Sockets.Udp", "System.Net.Security.", "System.Net.WebSockets.", "System.Net.Dns",
        "System.IO.File", "System.IO.Directory", "System.IO.Path", "System.IO.Stream", "System.IO.Pipes.", "System.IO.IsolatedStorage.",
        "System.Diagnostics.Process", "System.Console",
    ];

    public static TheoryData<string> Projects => [.. Boundary.Table.Select(row => row.Project)];

    [Fact]
    public void Every_project_has_a_row_in_the_table() =>
        RepositoryFiles.Find("src", "*.csproj").Select(Path.GetFileNameWithoutExtension)
            .ShouldBe(Boundary.Table.Select(row => row.Project), ignoreOrder: true);

    [Theory, MemberData(nameof(Projects))]
    public void A_project_names_only_the_dependencies_that_the_table_allows(string project)
    {
        Boundary row = Boundary.Table.Single(row => row.Project == project);
        XDocument file = XDocument.Parse(RepositoryFiles.Read($"src/{project}/{project}.csproj"));

        string[] projects = [.. file.Descendants("ProjectReference").Select(item => Path.GetFileNameWithoutExtension((string)item.Attribute("Include")!))];
        projects.Except(row.Projects).ShouldBeEmpty();
        string[] packages = [.. file.Descendants("PackageReference").Select(item => (string)item.Attribute("Include")!)];
        packages.Except(row.Packages).ShouldBeEmpty();
        if (!row.AspNetCore)
            file.Descendants("FrameworkReference").ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Projects))]
    public void A_built_assembly_refers_only_to_what_the_table_allows(string project)
    {
        Boundary row = Boundary.Table.Single(row => row.Project == project);
        BuiltAssembly assembly = BuiltAssembly.Read(row.Assembly);

        assembly.References.ShouldNotBeEmpty();
        assembly.References.Where(name => !IsAllowed(row, name)).ShouldBeEmpty();
    }

    [Fact]
    public void Core_knows_nothing_of_http_files_databases_or_hosts()
    {
        BuiltAssembly core = BuiltAssembly.Read("Holdfast.Core");
        core.Types.ShouldContain("System.TimeProvider");
        core.Types.Where(type => NotForCore.Any(prefix => type.StartsWith(prefix, StringComparison.Ordinal))).ShouldBeEmpty();
    }

    [Fact]
    public void The_drill_never_judges_with_the_verifier_that_it_attacks() =>
        BuiltAssembly.Read("Holdfast.Conformance").References.Where(name => name.StartsWith("Holdfast", StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();

    private static bool IsAllowed(Boundary row, string reference)
    {
        if (row.Projects.Contains(reference) || row.Owned.Any(prefix => reference.StartsWith(prefix, StringComparison.Ordinal)))
            return true;
        return SharedFrameworks.Base.Contains(reference) || (row.AspNetCore && SharedFrameworks.AspNetCore.Contains(reference));
    }
}
