using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Holdfast.Cli.Output;
using Holdfast.Cli.Up;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast up</c>: an issuer and an API, both real, until it is stopped.</summary>
internal static class UpCommand
{
    public static Command Create(CliConsole console)
    {
        var data = new Option<string>("--data") { Description = "Data directory; made on the first start.", HelpName = "DIR", DefaultValueFactory = _ => UpOptions.DefaultDirectory }.NotEmpty();
        Option<int> issuerPort = Port("--issuer-port", "Port of the issuer.", UpOptions.DefaultIssuerPort);
        Option<int> apiPort = Port("--api-port", "Port of the orders API.", UpOptions.DefaultApiPort);
        Option<int?> issuerTlsPort = TlsPort("--issuer-tls-port", "Port of the issuer over TLS, for clients with certificates.", "--issuer-port");
        Option<int?> apiTlsPort = TlsPort("--api-tls-port", "Port of the orders API over TLS.", "--api-port");
        var nonce = new Option<string>("--nonce") { Description = "When proofs must carry a nonce of the server.", DefaultValueFactory = _ => "on-demand" };
        nonce.AcceptOnlyFromAmong("off", "on-demand", "always");
        var postgres = new Option<string?>("--postgres")
        {
            Description = "Share replay records through this PostgreSQL database, for example \"Host=localhost;Database=holdfast;Username=me\". A password is better in PGPASSWORD or a .pgpass file than in a command line.",
            HelpName = "CONNECTION",
        }.NotEmpty();
        var verbose = new Option<bool>("--verbose") { Description = "Print expected challenges too." };
        var json = new Option<bool>("--json") { Description = "Print one JSON line when ready (the content of up.json), then one for each proof failure." };
        var command = new Command("up", "Runs an issuer and a protected orders API on this machine until Ctrl-C.") { data, issuerPort, apiPort, issuerTlsPort, apiTlsPort, nonce, postgres, verbose, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(new UpOptions
        {
            DataDirectory = console.FullPath(parsed.GetRequiredValue(data)),
            IssuerPort = parsed.GetValue(issuerPort),
            ApiPort = parsed.GetValue(apiPort),
            IssuerTlsPort = parsed.GetValue(issuerTlsPort),
            ApiTlsPort = parsed.GetValue(apiTlsPort),
            NonceMode = ModeOf(parsed.GetRequiredValue(nonce)),
            Postgres = parsed.GetValue(postgres),
            Time = console.Time,
        }, console, parsed.GetValue(verbose), parsed.GetValue(json), cancellationToken));
        return command.WithExamples(
            ("holdfast up", "on ports 7100 and 7101, with everything in .holdfast"),
            ("holdfast up --data /tmp/trial --issuer-port 8100 --api-port 8101", "somewhere else"),
            ("holdfast up --nonce always --json | jq .failure", "ask for a nonce every time; follow proof failures in a script"));
    }

    private static async Task<int> RunAsync(UpOptions options, CliConsole console, bool isVerbose, bool isJson, CancellationToken cancellationToken)
    {
        await using var printer = new SignalPrinter(console.Out, isJson, isVerbose, console.IsColored);
        return await console.RunUntilStoppedAsync(
            () => UpHost.StartAsync(options with { OnSignal = printer.Print, OnNotice = notice => console.Error.WriteLine($"holdfast: {notice}") }, cancellationToken),
            async host =>
            {
                if (isJson)
                    await console.Out.WriteLineAsync(CliJson.Write(host.Document, CliJson.Line.UpDocument));
                else
                    await UpGreeting.PrintAsync(host, options, console);
                await console.Out.FlushAsync(cancellationToken);
                printer.Start();
            },
            isQuiet: isJson, cancellationToken);
    }

    private static Option<int> Port(string name, string description, int standard) => new(name)
    {
        Description = $"{description} 0 takes a free one.",
        HelpName = "N",
        DefaultValueFactory = _ => standard,
        CustomParser = ReadPort,
    };

    private static Option<int?> TlsPort(string name, string description, string plain) => new(name)
    {
        Description = string.Create(CultureInfo.InvariantCulture, $"{description} Default: {plain} + {UpOptions.TlsOffset}, or a free one where that is taken; 0 takes a free one."),
        HelpName = "N",
        CustomParser = result => ReadPort(result),
    };

    private static int ReadPort(ArgumentResult result)
    {
        if (ushort.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
            return port;
        result.AddError($"{((OptionResult)result.Parent!).Option.Name} '{result.Tokens[0].Value}' is not a port: 0 to 65535.");
        return 0;
    }

    private static NonceMode ModeOf(string name) => name switch
    {
        "off" => NonceMode.Off,
        "always" => NonceMode.Always,
        _ => NonceMode.OnDemand,
    };
}
