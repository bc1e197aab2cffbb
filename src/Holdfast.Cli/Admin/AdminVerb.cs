using System.CommandLine;
using System.Text.Json.Nodes;
using Holdfast.Cli.Client;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Admin;

/// <summary>What all verbs over the admin API share: where it is, as whom, one way to fail, and one to ask.</summary>
internal sealed class AdminVerb(CliConsole console)
{
    private readonly AdminTargetOptions _target = new();

    /// <summary>Makes a command that talks to the admin API.</summary>
    public Command Create(string name, string description, bool isChange, Func<AdminRun, CancellationToken, Task<int>> run, params Symbol[] symbols)
    {
        var command = new Command(name, description);
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument)
                command.Arguments.Add(argument);
            else if (symbol is Option option)
                command.Options.Add(option);
        }
        _target.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ClientTarget target = _target.Resolve(parsed, console);
            await using AdminSession session = AdminSession.Open(target, console, isChange);
            try
            {
                return await run(new AdminRun(session, console, parsed, parsed.GetValue(_target.Json)), cancellationToken);
            }
            catch (TokenRefusedException refusal)
            {
                await console.Error.WriteLineAsync($"holdfast: {refusal.Message}");
            }
            catch (AdminRefusedException refusal)
            {
                foreach (string line in refusal.Lines)
                    await console.Error.WriteLineAsync(TextTable.Plain(line));
            }
            return ExitCodes.Failed;
        });
        return command;
    }
}

/// <summary>One run of such a command.</summary>
internal sealed record AdminRun(AdminSession Session, CliConsole Console, ParseResult Parsed, bool IsJson)
{
    /// <summary>Prints JSON where it was asked for, otherwise what <paramref name="print"/> prints.</summary>
    public async Task PrintAsync(JsonObject result, Action print)
    {
        if (IsJson)
            await Console.Out.WriteLineAsync(AdminText.Indented(result));
        else
            print();
    }

    /// <summary>Asks whether to go on. Where nobody can be asked, the answer has to be on the line.</summary>
    public bool Confirm(string question, bool isYes)
    {
        if (isYes)
            return true;
        if (!Console.IsInteractive)
            throw new CliException("Nobody is there to ask; add --yes if it is meant.");
        Console.Error.Write($"{question} [y/N] ");
        Console.Error.Flush();
        using var reader = new StreamReader(Console.OpenIn(), leaveOpen: true);
        return reader.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
