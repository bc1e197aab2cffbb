using System.Net;
using System.Net.Sockets;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Up;

/// <summary>The two ports, looked at before anything is created.</summary>
internal static class UpPorts
{
    /// <summary>Both ports as numbers; <c>up</c> cannot start where one is taken.</summary>
    public static (int Issuer, int Api) Choose(UpOptions options)
    {
        if (options.IssuerPort == options.ApiPort && options.IssuerPort != 0)
            throw new CliException($"--issuer-port and --api-port are both {options.IssuerPort}; the issuer and the API need one each.");
        List<string> problems = [];
        List<TcpListener> held = [];
        try
        {
            int issuer = Hold(options.IssuerPort, "--issuer-port", held, problems);
            int api = Hold(options.ApiPort, "--api-port", held, problems);
            return problems.Count == 0 ? (issuer, api) : throw new CliException(problems);
        }
        finally
        {
            held.ForEach(listener => listener.Dispose());
        }
    }

    /// <summary>What to say of a port that somebody has.</summary>
    public static string Taken(int port, string option) =>
        $"Port {port} is in use by another program; stop that program, or choose another port with {option}.";

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
