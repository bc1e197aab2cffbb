using Holdfast.Cli;
using Holdfast.Cli.Output;

HttpClient.DefaultProxy = new ProxyForOthers(HttpClient.DefaultProxy);
return await CommandShell.RunAsync(args, CliConsole.OfProcess(), CancellationToken.None);
