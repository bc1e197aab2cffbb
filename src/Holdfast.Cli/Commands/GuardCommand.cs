using System.CommandLine;
using Holdfast.AspNetCore;
using Holdfast.Cli.Output;
using Holdfast.Cli.Up;
using Holdfast.Guard;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast guard</c>: answers proxies, until it is stopped.</summary>
internal static class GuardCommand
{
    public static Command Create(CliConsole console)
    {
        var config = new Option<string>("--config") { Description = "The configuration, in YAML.", HelpName = "FILE" }.NotEmpty();
        var check = new Option<bool>("--check") { Description = "Say what is wrong with the configuration, or what it means, and stop." };
        var schema = new Option<bool>("--schema") { Description = "Print the JSON Schema of the configuration, and stop." };
        var verbose = new Option<bool>("--verbose") { Description = "Print expected challenges too." };
        var json = new Option<bool>("--json") { Description = "Print JSON: with --check one report, otherwise one line when ready, then one for each refusal." };
        var command = new Command("guard", "Answers nginx, Caddy, Traefik, HAProxy, Envoy and Apache: may this request pass?") { config, check, schema, verbose, json };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(schema) && result.GetResult(config) is null)
                result.AddError("--config is missing.");
        });
        command.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetValue(schema))
            {
                console.Out.Write(GuardSchema.Text);
                return Task.FromResult(ExitCodes.Ok);
            }
            string path = console.FullPath(parsed.GetRequiredValue(config));
            return parsed.GetValue(check)
                ? GuardCheck.RunAsync(path, console, parsed.GetValue(json))
                : RunAsync(path, console, parsed.GetValue(verbose), parsed.GetValue(json), cancellationToken);
        });
        return command.WithExamples(
            ("holdfast guard --config guard.yaml --check", "what is wrong, line by line, or what it means"),
            ("holdfast guard --config guard.yaml", "answer proxies until Ctrl-C or SIGTERM"),
            ("holdfast guard --schema > guard.schema.json", "for the editor"));
    }

    private static async Task<int> RunAsync(string path, CliConsole console, bool isVerbose, bool isJson, CancellationToken cancellationToken)
    {
        GuardConfig config = GuardConfigFile.Read(path, out IReadOnlyList<GuardConfigProblem> problems)
            ?? throw new CliException([.. problems.Select(problem => $"{console.ShortPath(path)}: {problem}")]);
        await using var printer = new SignalPrinter(console.Out, isJson, isVerbose, console.IsColored);
        return await console.RunUntilStoppedAsync(
            () => StartAsync(config, printer, console, cancellationToken),
            async server =>
            {
                await console.Out.WriteLineAsync(isJson
                    ? CliJson.Write(new GuardReady(config.Name, server.Addresses), CliJson.Line.GuardReady)
                    : $"Guarding on {string.Join(", ", server.Addresses)}. Ctrl-C stops it. Refusals show here as they happen:");
                await console.Out.FlushAsync(cancellationToken);
                printer.Start();
            },
            isQuiet: isJson, cancellationToken);
    }

    private static async Task<GuardServer> StartAsync(GuardConfig config, SignalPrinter printer, CliConsole console, CancellationToken cancellationToken)
    {
        try
        {
            return await GuardServer.StartAsync(config, new GuardServerOptions
            {
                Time = console.Time,
                ConfigureLogging = logging => logging.AddProvider(new QuietLogger(notice => console.Error.WriteLine($"holdfast: {notice}"))).SetMinimumLevel(LogLevel.Warning)
                    // Its warnings are about connections that a peer broke off, as many as he likes.
                    .AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error),
                ConfigureServices = services =>
                {
                    services.AddSingleton<IVerificationObserver>(new PrintedSignals(printer));
                    GuardSharedReplay.Add(services, config);
                },
            }, cancellationToken);
        }
        catch (GuardStartupException failure)
        {
            throw new CliException(failure.Message, failure);
        }
        catch (IOException failure)
        {
            throw new CliException($"The guard cannot listen: {failure.Message.TrimEnd('.')}; name another address, or stop whoever has it.", failure);
        }
    }

    private sealed class PrintedSignals(SignalPrinter printer) : IVerificationObserver
    {
        public void Observed(VerificationSignal signal) => printer.Print(SignalLine.From(signal));
    }
}
