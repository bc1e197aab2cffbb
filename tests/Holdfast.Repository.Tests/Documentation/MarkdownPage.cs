using System.Text.RegularExpressions;

namespace Holdfast.Repository.Tests;

/// <summary>The parts of a Markdown file that can go wrong: links, headings, and the commands it asks people to run.</summary>
internal sealed partial class MarkdownPage(string file)
{
    private readonly string _text = RepositoryFiles.Read(file);

    public string File => file;

    /// <summary>README, docs and the other pages for people.</summary>
    public static IReadOnlyList<MarkdownPage> All { get; } = [.. RepositoryFiles.Find("", "*.md").Select(file => new MarkdownPage(file))];

    /// <summary>The targets of links that stay inside the repository.</summary>
    public IEnumerable<string> RelativeLinks =>
        Link().Matches(Fence().Replace(_text, "")).Select(match => match.Groups["target"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal));

    /// <summary>The anchors of its headings, as GitHub makes them.</summary>
    public IEnumerable<string> Anchors =>
        Heading().Matches(Fence().Replace(_text, "")).Select(match => NotInAnchors().Replace(match.Groups["text"].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    /// <summary>The commands of fenced <c>sh</c> blocks, one a line; continued lines are joined, comments dropped.</summary>
    public IEnumerable<string> Commands =>
        Shell().Matches(_text)
            .SelectMany(match => match.Groups["body"].Value.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
            .Select(line => Spaces().Replace(line.Split(" #")[0], " ").Trim())
            .Where(line => line.Length > 0 && line[0] != '#');

    [GeneratedRegex(@"(?<!!)\[[^\]]*\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^```sh\n(?<body>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Shell();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
