using System.Text.RegularExpressions;

namespace Holdfast.Repository.Tests;

/// <summary>
/// Names the member that a line belongs to, from the indentation that the style fixes: types at 0, members at 4, statements deeper.
/// A comment above a member belongs to the member.
/// </summary>
internal static partial class EnclosingMember
{
    public static string Of(string file, string[] lines, int index)
    {
        string type = Path.GetFileNameWithoutExtension(file);
        if (!file.EndsWith(".cs", StringComparison.Ordinal))
            return type;
        string? member = Indentation(lines[index]) switch
        {
            0 => null,
            4 => Below(lines, index),
            _ => Above(lines, index),
        };
        return member is null || member == type ? type : $"{type}.{member}";
    }

    private static string? Below(string[] lines, int index) =>
        lines.Skip(index).SkipWhile(line => IsPassedOver(line)).Select(Name).FirstOrDefault();

    private static string? Above(string[] lines, int index) =>
        lines.Take(index + 1).Reverse().Where(line => Indentation(line) == 4 && !IsPassedOver(line)).Select(Name).FirstOrDefault(name => name is not null);

    private static bool IsPassedOver(string line) => line.TrimStart() is "" or ['/', '/', ..] or ['[', ..] or ['{', ..] or ['}', ..] or [')', ..] or [']', ..];

    private static int Indentation(string line) => line.Length - line.TrimStart(' ').Length;

    // The name before a parameter list; otherwise before the body, the value or the end.
    private static string? Name(string line) =>
        Method().Match(line) is { Success: true } method ? method.Groups["name"].Value
        : Other().Match(line) is { Success: true } other ? other.Groups["name"].Value : null;

    [GeneratedRegex(@"^    (?:[^=(]*[\s\])>?])?(?<name>\w+)(?:<[^>(]*>)?\(")]
    private static partial Regex Method();

    [GeneratedRegex(@"^    (?:[^=(]*\s)?(?<name>\w+)\s*(?:\{|=|;|,|$|:)")]
    private static partial Regex Other();
}
