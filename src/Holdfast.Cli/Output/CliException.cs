namespace Holdfast.Cli.Output;

/// <summary>The command cannot do its work. Each problem is one sentence that names cause and fix; the exit code is 2.</summary>
internal sealed class CliException(IReadOnlyList<string> problems, Exception? inner = null) : Exception(string.Join(Environment.NewLine, problems), inner)
{
    /// <summary>With one problem.</summary>
    public CliException(string problem, Exception? inner = null) : this([problem], inner) { }

    /// <summary>All problems.</summary>
    public IReadOnlyList<string> Problems => problems;
}
