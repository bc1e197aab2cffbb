namespace Holdfast.Repository.Tests;

public sealed class SpecCoverageTests
{
    private static readonly Coverage Coverage = Coverage.Read();

    [Fact]
    public void The_coverage_page_is_what_the_sources_say() => GeneratedFile.ShouldBeCurrent("docs/spec-coverage.md", CoveragePage.Write(Coverage));

    [Fact]
    public void Every_requirement_has_a_check_or_a_reason_why_not() =>
        Coverage.Requirements.Select(row => row.Id).Where(id => !Coverage.Checks.Contains(id) && !Unchecked.Reasons.ContainsKey(id)).ShouldBeEmpty();

    [Fact]
    public void A_reason_is_taken_off_the_list_once_the_check_exists() =>
        Unchecked.Reasons.Keys.Where(id => Coverage.Checks.Contains(id) || Coverage.Requirements.All(row => row.Id != id)).ShouldBeEmpty();

    [Fact]
    public void Every_rule_of_proof_validation_has_a_vector() =>
        Coverage.Requirements.Where(row => row.Group == "DPOP-V" && Coverage.HasVectors)
            .Select(row => row.Id).Where(id => !Coverage.Vectors.Contains(id) && !Unchecked.WithoutVector.ContainsKey(id)).ShouldBeEmpty();

    [Fact]
    public void Nothing_cites_a_requirement_that_does_not_exist()
    {
        HashSet<string> known = [.. Coverage.Requirements.Select(row => row.Id)];
        known.Count.ShouldBeGreaterThan(100);
        Coverage.Checks.Concat(Coverage.Tests).SelectMany(group => group).Where(citation => !known.Contains(citation.Id)).ShouldBeEmpty();
        Coverage.Vectors.Select(group => group.Key).Where(id => !known.Contains(id)).ShouldBeEmpty();
    }
}
