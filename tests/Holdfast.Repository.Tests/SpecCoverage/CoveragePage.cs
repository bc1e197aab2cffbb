using System.Text;

namespace Holdfast.Repository.Tests;

/// <summary>Writes docs/spec-coverage.md.</summary>
internal static class CoveragePage
{
    public static string Write(Coverage coverage)
    {
        var page = new StringBuilder();
        page.AppendLine("# Specification coverage");
        page.AppendLine();
        page.AppendLine("Generated from the citations in the sources, vectors and tests; do not edit. The requirements are in [requirements.md](requirements.md).");
        page.AppendLine($"Update: `{GeneratedFile.UpdateCommand}`");
        page.AppendLine();
        Summary(page, coverage);
        foreach (IGrouping<string, Requirement> group in coverage.Requirements.GroupBy(requirement => requirement.Group))
        {
            page.AppendLine();
            page.AppendLine($"## {group.Key}");
            foreach (Requirement requirement in group)
                Section(page, coverage, requirement);
        }
        return page.ToString();
    }

    private static void Summary(StringBuilder page, Coverage coverage)
    {
        page.AppendLine("| group | requirements | checked | with vectors | with tests | without a check, with a reason |");
        page.AppendLine("|---|---|---|---|---|---|");
        foreach (IGrouping<string, Requirement> group in coverage.Requirements.GroupBy(requirement => requirement.Group))
        {
            page.AppendLine($"| {group.Key} | {group.Count()} | {group.Count(row => coverage.Checks.Contains(row.Id))} "
                + $"| {group.Count(row => coverage.Vectors.Contains(row.Id))} | {group.Count(row => coverage.Tests.Contains(row.Id))} "
                + $"| {group.Count(row => Unchecked.Reasons.ContainsKey(row.Id))} |");
        }
    }

    private static void Section(StringBuilder page, Coverage coverage, Requirement requirement)
    {
        page.AppendLine();
        page.AppendLine($"### {requirement.Id}");
        page.AppendLine($"{requirement.Level}: {requirement.Text}");
        page.AppendLine();
        if (Unchecked.Reasons.TryGetValue(requirement.Id, out string? reason))
            page.AppendLine($"- no check: {reason}");
        if (coverage.Checks[requirement.Id].Any())
            page.AppendLine($"- check: {string.Join(", ", coverage.Checks[requirement.Id].Select(check => $"[`{check.Member}`](../{check.File})").Distinct())}");
        string[] vectors = [.. coverage.Vectors[requirement.Id].Select(vector => $"[{vector.Id}](../{vector.File})").Distinct()];
        if (vectors.Length > 0)
            page.AppendLine($"- {Count(vectors.Length, "vector")}: {string.Join(", ", vectors)}");
        string[] tests = [.. coverage.Tests[requirement.Id].GroupBy(test => test.File).Select(Tests)];
        if (tests.Length > 0)
            page.AppendLine($"- tests: {string.Join("; ", tests)}");
    }

    private static string Tests(IGrouping<string, Citation> file)
    {
        string type = Path.GetFileNameWithoutExtension(file.Key);
        string[] members = [.. file.Select(test => test.Member).Where(member => member != type).Select(member => member[(type.Length + 1)..]).Distinct()];
        return $"[{type}](../{file.Key})" + (members.Length == 0 ? "" : ": " + string.Join(", ", members.Select(member => $"`{member}`")));
    }

    private static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";
}
