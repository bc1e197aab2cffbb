using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Cli.Up;
using Holdfast.Conformance;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast drill</c>: steals a token and tries to use it.</summary>
internal static class DrillCommand
{
    public static Command Create(CliConsole console)
    {
        var up = new Option<string?>("--up") { Description = "Data directory or up.json of the 'holdfast up' to attack (default: .holdfast, or one of its own where none runs).", HelpName = "DIR|FILE" };
        var data = new Option<string?>("--data") { Description = "Start an 'up' of its own in this directory and keep it, instead of a temporary one.", HelpName = "DIR" }.NotEmpty();
        var json = new Option<bool>("--json") { Description = "Print an array of the rows, and nothing else." };
        var command = new Command("drill", "Steals a token as it leaks in practice, and attacks with it as a thief would.") { up, data, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(up), parsed.GetValue(data), console, parsed.GetValue(json), cancellationToken));
        return command.WithExamples(
            ("holdfast drill", "against the 'holdfast up' of this directory, or one of its own"),
            ("holdfast drill --up /tmp/trial", "against another one"),
            ("holdfast drill --json > drill.json || echo 'an attack got in'", "for a script"));
    }

    private static async Task<int> RunAsync(string? up, string? data, CliConsole console, bool isJson, CancellationToken cancellationToken)
    {
        if (up is not null && data is not null)
            throw new CliException("--up attacks a running 'holdfast up', --data starts another one; give one of them.");
        await using DrillGround ground = await DrillGround.FindAsync(up, data, console, cancellationToken);
        DrillResult result;
        try
        {
            result = await Drill.RunAsync(ground.Target, null, new Progress(console, isJson), cancellationToken);
        }
        catch (DrillFailedException failure)
        {
            throw new CliException($"The drill could not be held: {failure.Message.TrimEnd('.')}.", failure);
        }
        if (isJson)
            await console.Out.WriteLineAsync(DrillJson.Write(result));
        else
            DrillTable.Print(result, console);
        foreach (string note in result.Notes)
            await console.Error.WriteLineAsync($"holdfast: {note}");
        return result.Passed ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private sealed class Progress(CliConsole console, bool isSilent) : IProgress<DrillRow>
    {
        public void Report(DrillRow value)
        {
            if (!isSilent)
                console.Error.WriteLine($"  {(value.Passed ? "ok    " : DrillTable.IsIn(value.Holdfast) ? "GOT IN" : "ERROR ")}  {value.Description}");
        }
    }
}
