using Holdfast.Cli;
using Holdfast.Cli.Output;

return await CommandShell.RunAsync(args, CliConsole.OfProcess(), CancellationToken.None);
