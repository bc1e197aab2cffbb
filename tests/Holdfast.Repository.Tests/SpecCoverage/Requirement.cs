using System.Text.RegularExpressions;

namespace Holdfast.Repository.Tests;

/// <summary>One row of docs/requirements.md.</summary>
internal sealed partial record Requirement(string Id, string Level, string Text)
{
    /// <summary><c>DPOP-V</c> of <c>DPOP-V-09</c>.</summary>
    public string Group => Id[..Id.LastIndexOf('-')];

    public static IReadOnlyList<Requirement> ReadAll() =>
    [
        .. RepositoryFiles.Read("docs/requirements.md").Split('\n')
            .Select(line => Row().Match(line))
            .Where(match => match.Success)
            .Select(match => new Requirement(match.Groups["id"].Value, match.Groups["level"].Value, match.Groups["text"].Value)),
    ];

    /// <summary>The ids in a text. Ranges count in full: <c>DPOP-V-16 to 21</c>, <c>DPOP-RS-07…15</c>.</summary>
    public static IEnumerable<string> IdsIn(string text)
    {
        foreach (Match match in Id_().Matches(text))
        {
            int first = int.Parse(match.Groups["first"].Value);
            int last = match.Groups["last"].Success ? int.Parse(match.Groups["last"].Value) : first;
            for (int number = first; number <= last; number++)
                yield return $"{match.Groups["group"].Value}-{number:00}";
        }
    }

    [GeneratedRegex(@"^\| (?<id>(?:DPOP-(?:V|AS|RS|C)|AT|MTLS|FWD|FAPI|LIFE(?:-MAP)?|MCP)-\d{2}) \| (?<level>[^|]+?) \| (?<text>.+?) \| [^|]+ \|$")]
    private static partial Regex Row();

    [GeneratedRegex(@"\b(?<group>DPOP-(?:V|AS|RS|C)|AT|MTLS|FWD|FAPI|LIFE(?:-MAP)?|MCP)-(?<first>\d{2})(?:(?: to |…|\.\.)(?:\k<group>-)?(?<last>\d{2}))?\b")]
    private static partial Regex Id_();
}
