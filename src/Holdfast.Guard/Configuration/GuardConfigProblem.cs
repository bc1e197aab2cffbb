namespace Holdfast.Guard;

/// <summary>One thing that is wrong with a configuration file.</summary>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Setting">Where it stands, such as <c>routes[0].origin</c>; empty for the file as a whole.</param>
/// <param name="Message">What is wrong, and what would be right.</param>
public sealed record GuardConfigProblem(int Line, string Setting, string Message)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => Setting.Length == 0 ? $"line {Line}: {Message}" : $"line {Line}: {Setting}: {Message}";
}
