using System.Text;
using System.Text.Json;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Tests;

/// <summary>One command line, run in this process, and everything it said.</summary>
internal sealed record CliRun(int Code, string Out, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public string All => $"exit code {Code}\n{Out}\n{Error}";

    public static Task<CliRun> AsOf(string folder, params string[] args) => WithInputAsync(folder, "", args);

    public static async Task<CliRun> WithInputAsync(string folder, string input, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await CommandShell.RunAsync(args, Console(folder, output, error, input), CancellationToken.None);
        return new CliRun(code, output.ToString(), error.ToString());
    }

    public static CliConsole Console(string folder, TextWriter output, TextWriter error, string input = "") => new()
    {
        Out = output,
        Error = error,
        OpenIn = () => new MemoryStream(Encoding.UTF8.GetBytes(input)),
        WorkingDirectory = folder,
    };
}
