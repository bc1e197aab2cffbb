namespace Holdfast.Repository.Tests;

/// <summary>Where a requirement is cited: a file and the member in it, never a line number, which would be stale after the next edit.</summary>
internal sealed record Citation(string Id, string File, string Member)
{
    /// <summary>Every citation in a source file.</summary>
    public static IEnumerable<Citation> In(string file)
    {
        string[] lines = RepositoryFiles.Read(file).Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            foreach (string id in Requirement.IdsIn(lines[i]))
                yield return new(id, file, EnclosingMember.Of(file, lines, i));
        }
    }
}
