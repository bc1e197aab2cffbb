using System.CommandLine;
using System.CommandLine.Parsing;

namespace Holdfast.Cli.Output;

/// <summary>What the parser would let pass, or would say in its own words.</summary>
internal static class Strictly
{
    /// <summary>An option that does not exist must not pass for the value of an argument.</summary>
    public static Argument<T> WithoutOptions<T>(this Argument<T> argument)
    {
        argument.Validators.Add(result =>
        {
            foreach (Token token in result.Tokens.Where(token => token.Value is ['-', _, ..]))
                result.AddError($"Unrecognized command or argument '{token.Value}'.");
        });
        return argument;
    }

    /// <summary>An empty value is what a shell makes of a variable that is not set, and then the next option passes for the value.</summary>
    public static Option<T> NotEmpty<T>(this Option<T> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value is "" or ['-', '-', ..]))
                result.AddError($"{option.Name} is empty.");
        });
        return option;
    }

    /// <summary>The problem in one sentence that names what it is about.</summary>
    public static string Describe(ParseError problem) => problem.SymbolResult switch
    {
        // The parser names the command and not the argument.
        ArgumentResult { Tokens.Count: 0, Parent: CommandResult } missing => $"{missing.Argument.Name} is missing.",
        _ => problem.Message,
    };
}
