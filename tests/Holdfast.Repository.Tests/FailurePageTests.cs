namespace Holdfast.Repository.Tests;

public sealed class FailurePageTests
{
    [Fact]
    public void The_page_of_failures_is_what_the_catalog_says() => GeneratedFile.ShouldBeCurrent("docs/failures.md", FailurePage.Write());

    [Fact]
    public void Every_failure_links_to_a_section_that_exists()
    {
        string page = RepositoryFiles.Read("docs/failures.md");
        foreach (FailureInfo row in FailureCatalog.All)
        {
            string[] link = row.Documentation.Split('#');
            link[0].ShouldBe("docs/failures.md");
            page.ShouldContain($"\n## {link[1]}\n");
        }
    }
}
