using Holdfast.Cli.Output;
using Holdfast.Guard;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast guard --check</c>: everything that is wrong, or everything that it means.</summary>
internal static class GuardCheck
{
    public static async Task<int> RunAsync(string path, CliConsole console, bool isJson)
    {
        GuardConfig? config = GuardConfigFile.Read(path, out IReadOnlyList<GuardConfigProblem> problems);
        IReadOnlyList<string> meaning = config is null ? [] : GuardExplanation.Of(config);
        if (isJson)
        {
            await console.Out.WriteLineAsync(CliJson.Write(new GuardReport(config is not null, problems, meaning), CliJson.Indented.GuardReport));
        }
        else
        {
            string file = console.ShortPath(path);
            foreach (string sentence in meaning)
                await console.Out.WriteLineAsync(sentence);
            foreach (GuardConfigProblem problem in problems)
                await console.Error.WriteLineAsync($"{file}: {problem}");
        }
        return config is null ? ExitCodes.Failed : ExitCodes.Ok;
    }
}

/// <summary>What <c>--check --json</c> prints.</summary>
internal sealed record GuardReport(bool Valid, IReadOnlyList<GuardConfigProblem> Problems, IReadOnlyList<string> Meaning);

/// <summary>What <c>--json</c> prints once the guard answers.</summary>
internal sealed record GuardReady(string Guard, IReadOnlyList<string> Addresses);
