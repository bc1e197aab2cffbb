using System.Text;
using Holdfast.Cli.Output;
using Holdfast.Guard;

namespace Holdfast.Cli.Commands;

/// <summary>The configuration of a guard as a file; what it names is relative to its folder.</summary>
internal static class GuardConfigFile
{
    private const int MaxBytes = 1024 * 1024;

    /// <summary>The configuration, or null and what is wrong with it. A file that cannot be read is a <see cref="CliException"/>.</summary>
    public static GuardConfig? Read(string path, out IReadOnlyList<GuardConfigProblem> problems)
    {
        byte[]? text;
        try
        {
            using FileStream file = File.OpenRead(path);
            text = BoundedInput.Read(file, MaxBytes);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"'{path}' cannot be read: {failure.Message.TrimEnd('.')}.", failure);
        }
        if (text is null)
            throw new CliException($"'{path}' is longer than {MaxBytes} bytes.");
        GuardConfig? config = GuardConfig.TryRead(Encoding.UTF8.GetString(text), Path.GetDirectoryName(path)!, Environment.GetEnvironmentVariable, out problems);
        if (config is not null)
            problems = [.. GuardSharedReplay.ProblemsOf(config)];
        return problems.Count == 0 ? config : null;
    }
}
