using System.CommandLine;
using System.CommandLine.Invocation;
using Holdfast.Cli.Commands;
using Holdfast.Cli.Output;

namespace Holdfast.Cli;

/// <summary>Parses, runs, and turns whatever happens into sentences and an exit code.</summary>
internal static class CommandShell
{
    // Long enough for two servers to finish the requests they have.
    private static readonly TimeSpan TerminationTimeout = TimeSpan.FromSeconds(10);

    // An @ begins a file of --data here, not a file of arguments.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs one command line.</summary>
    public static async Task<int> RunAsync(string[] args, CliConsole console, CancellationToken cancellationToken)
    {
        ParseResult parsed = Build(console).Parse(args, Parsing);
        if (parsed.Action is ParseErrorAction)
            return RefuseUsage(parsed, console);
        try
        {
            return await parsed.InvokeAsync(Configure(console), cancellationToken);
        }
        catch (CliException failure)
        {
            foreach (string problem in failure.Problems)
                await console.Error.WriteLineAsync($"holdfast: {problem}");
        }
        catch (OperationCanceledException)
        {
            await console.Error.WriteLineAsync("holdfast: interrupted");
        }
        catch (IOException failure)
        {
            // A full disk under the output, for one.
            await console.Error.WriteLineAsync($"holdfast: {failure.Message.TrimEnd('.')}.");
        }
#pragma warning disable CA1031 // The last line of defence: a person gets a sentence, never a stack trace.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            await console.Error.WriteLineAsync($"holdfast: this should not happen, please report it: {failure.GetType().Name}: {failure.Message}");
        }
        return ExitCodes.Unable;
    }

    /// <summary>The commands.</summary>
    public static RootCommand Build(CliConsole console)
    {
        var root = new RootCommand("Makes stolen OAuth tokens useless: tokens bound to the caller's key (DPoP, RFC 9449) or certificate (mutual TLS, RFC 8705).")
        {
            UpCommand.Create(console),
            TokenCommand.Create(console),
            CallCommand.Create(console),
            ExplainCommand.Create(console),
            DrillCommand.Create(console),
            DoctorCommand.Create(console),
            GuardCommand.Create(console),
            ClientsCommand.Create(console),
            ResourcesCommand.Create(console),
            ApplyCommand.Create(console),
            AuditCommand.Create(console),
            IssuerCommand.Create(console),
            DbCommand.Create(console),
        };
        return root.WithExamples(
            ("holdfast up", "start an issuer and a protected API here"),
            ("holdfast call GET /orders", "call that API with a token and a proof"),
            ("holdfast drill", "steal a token and try to use it"));
    }

    private static InvocationConfiguration Configure(CliConsole console) => new()
    {
        Output = console.Out,
        Error = console.Error,
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = console.HandlesSignals ? TerminationTimeout : null,
    };

    private static int RefuseUsage(ParseResult parsed, CliConsole console)
    {
        foreach (string problem in parsed.Errors.Select(Strictly.Describe).Distinct(StringComparer.Ordinal))
            console.Error.WriteLine($"holdfast: {problem}");
        Command command = parsed.CommandResult.Command;
        string name = NameOf(command);
        console.Error.WriteLine($"Try '{name} --help'.");
        return ExitCodes.Unable;
    }

    private static string NameOf(Command command) =>
        command is RootCommand ? "holdfast" : $"{command.Parents.OfType<Command>().Select(NameOf).FirstOrDefault() ?? "holdfast"} {command.Name}";
}
