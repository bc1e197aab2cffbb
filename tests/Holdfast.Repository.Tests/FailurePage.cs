using System.Text;

namespace Holdfast.Repository.Tests;

/// <summary>Writes docs/failures.md: one section a failure, which every log line, signal and <c>explain</c> points to.</summary>
internal static class FailurePage
{
    public static string Write()
    {
        var page = new StringBuilder();
        page.AppendLine("# Failures");
        page.AppendLine();
        page.AppendLine("Every way in which Holdfast refuses, with what it means and what mends it. Generated from `FailureCatalog`; do not edit.");
        page.AppendLine($"Update: `{GeneratedFile.UpdateCommand}`");
        page.AppendLine();
        page.AppendLine("The caller gets the wire code and the description. The operator gets the rest, in the log, in the meters (`failure` tag) and from");
        page.AppendLine("`holdfast explain`. Severities: `expected` (part of the protocol), `clock`, `misconfiguration`, `suspicious`, `theft` (a valid token in");
        page.AppendLine("the wrong hands). Owners: who is asked to mend it.");
        page.AppendLine();
        page.AppendLine("| failure | wire code | status: resource, issuer | severity | owner |");
        page.AppendLine("|---|---|---|---|---|");
        foreach (FailureInfo row in FailureCatalog.All)
            page.AppendLine($"| [{row.Name}](#{row.Name}) | {Wire(row)} | {row.ResourceStatus}, {row.IssuerStatus} | {Lower(row.Severity)} | {Lower(row.Layer)} |");
        foreach (FailureInfo row in FailureCatalog.All)
            Section(page, row);
        return page.ToString();
    }

    private static void Section(StringBuilder page, FailureInfo row)
    {
        page.AppendLine();
        page.AppendLine($"## {row.Name}");
        page.AppendLine();
        page.AppendLine($"{row.Description}");
        page.AppendLine();
        page.AppendLine($"- number: {(int)row.Failure} (`{row.Failure}`)");
        page.AppendLine($"- section: {row.Section}");
        page.AppendLine($"- on the wire: {Wire(row)}, status {row.ResourceStatus} at a resource, {row.IssuerStatus} at the issuer");
        page.AppendLine($"- severity: {Lower(row.Severity)}; owner: {Lower(row.Layer)}");
        page.AppendLine($"- likely cause: {row.Cause}");
        page.AppendLine($"- fix: {row.Fix}");
    }

    private static string Wire(FailureInfo row) => row.WireError is null ? "none" : $"`{row.WireError}`";

    private static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
