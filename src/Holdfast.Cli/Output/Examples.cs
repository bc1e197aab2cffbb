using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Holdfast.Cli.Output;

/// <summary>Help that ends with examples.</summary>
internal static class Examples
{
    /// <summary>Adds examples to the help of this command.</summary>
    public static TCommand WithExamples<TCommand>(this TCommand command, params (string Line, string Meaning)[] examples)
        where TCommand : Command => command.WithExamplesAndExitCodes("0 done; 1 refused or failed; 2 usage, configuration or environment.", examples);

    /// <summary>Adds examples, and what exit codes mean where they say more than usual.</summary>
    public static TCommand WithExamplesAndExitCodes<TCommand>(this TCommand command, string exitCodes, params (string Line, string Meaning)[] examples)
        where TCommand : Command
    {
        HelpOption? help = command.Options.OfType<HelpOption>().FirstOrDefault();
        if (help is null)
        {
            help = new HelpOption();
            command.Options.Add(help);
        }
        help.Action = new HelpWithExamples((HelpAction)help.Action!, exitCodes, examples);
        return command;
    }

    private sealed class HelpWithExamples(HelpAction inner, string exitCodes, (string Line, string Meaning)[] examples) : SynchronousCommandLineAction
    {
        // Asking for help is never an error, whatever else is on the line.
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            int code = inner.Invoke(parseResult);
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach ((string line, string meaning) in examples)
            {
                output.WriteLine($"  # {meaning}");
                output.WriteLine($"  {line}");
            }
            output.WriteLine();
            output.WriteLine($"Exit codes: {exitCodes}");
            return code;
        }
    }
}
