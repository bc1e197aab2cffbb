using System.Net;
using System.Net.Sockets;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Up;

/// <summary>The ports of the listeners, looked at before anything is created.</summary>
internal sealed record UpPorts(int Issuer, int Api, int IssuerTls, int ApiTls)
{
    private const string IssuerOption = "--issuer-port";
    private const string ApiOption = "--api-port";
    private const string IssuerTlsOption = "--issuer-tls-port";
    private const string ApiTlsOption = "--api-tls-port";

    /// <summary>All ports as numbers; <c>up</c> cannot start where one that was asked for is taken.</summary>
    public static UpPorts Choose(UpOptions options)
    {
        List<string> problems = [];
        RefuseShared(problems, (options.IssuerPort, IssuerOption), (options.ApiPort, ApiOption),
            (options.IssuerTlsPort ?? 0, IssuerTlsOption), (options.ApiTlsPort ?? 0, ApiTlsOption));
        if (problems.Count > 0)
            throw new CliException(problems);
        List<TcpListener> held = [];
        try
        {
            int issuer = Hold(options.IssuerPort, IssuerOption, held, problems);
            int api = Hold(options.ApiPort, ApiOption, held, problems);
            int issuerTls = HoldTls(options.IssuerTlsPort, options.IssuerPort, IssuerTlsOption, held, problems);
            int apiTls = HoldTls(options.ApiTlsPort, options.ApiPort, ApiTlsOption, held, problems);
            return problems.Count == 0 ? new(issuer, api, issuerTls, apiTls) : throw new CliException(problems);
        }
        finally
        {
            held.ForEach(listener => listener.Dispose());
        }
    }

    /// <summary>What to say of a port that somebody has.</summary>
    public static string Taken(int port, string option) =>
        $"Port {port} is in use by another program; stop that program, or choose another port with {option}.";

    private static void RefuseShared(List<string> problems, params (int Port, string Option)[] asked)
    {
        foreach (IGrouping<int, (int Port, string Option)> shared in asked.Where(one => one.Port != 0).GroupBy(one => one.Port).Where(same => same.Count() > 1))
            problems.Add($"{string.Join(" and ", shared.Select(one => one.Option))} are {shared.Key} alike; each listener needs a port of its own.");
    }

    // Nobody asked for one that is not given, so nobody minds another; a port beside a free one would be a guess.
    private static int HoldTls(int? port, int plainPort, string option, List<TcpListener> held, List<string> problems)
    {
        if (port is { } asked)
            return Hold(asked, option, held, problems);
        int usual = plainPort is 0 or > ushort.MaxValue - UpOptions.TlsOffset ? 0 : plainPort + UpOptions.TlsOffset;
        List<string> taken = [];
        int found = Hold(usual, option, held, taken);
        return taken.Count == 0 ? found : Hold(0, option, held, problems);
    }

    private static int Hold(int port, string option, List<TcpListener> held, List<string> problems)
    {
        // A free port is one that is free on both loopback addresses, because 'localhost' means both.
        for (int attempt = 0; ; attempt++)
        {
            TcpListener? first = TryListen(IPAddress.Loopback, port, out SocketError error);
            if (first is null)
            {
                problems.Add(error == SocketError.AccessDenied
                    ? $"Port {port} may not be used by this account; choose one above 1023 with {option}."
                    : Taken(port, option));
                return port;
            }
            held.Add(first);
            int chosen = ((IPEndPoint)first.LocalEndpoint).Port;
            TcpListener? second = TryListen(IPAddress.IPv6Loopback, chosen, out error);
            if (second is not null)
                held.Add(second);
            // Anything else means that there is no IPv6 here, which is no problem.
            if (second is not null || error != SocketError.AddressAlreadyInUse)
                return chosen;
            if (port != 0 || attempt == 20)
            {
                problems.Add(Taken(chosen, option));
                return chosen;
            }
        }
    }

    private static TcpListener? TryListen(IPAddress address, int port, out SocketError error)
    {
        TcpListener? listener = null;
        try
        {
            listener = new TcpListener(address, port);
            listener.Start();
            error = SocketError.Success;
            return listener;
        }
        catch (SocketException failure)
        {
            listener?.Dispose();
            error = failure.SocketErrorCode;
            return null;
        }
    }
}
