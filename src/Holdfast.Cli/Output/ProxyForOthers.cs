using System.Net;

namespace Holdfast.Cli.Output;

/// <summary>The proxy of the environment, except for this machine: what runs on localhost is no proxy's business, and it could not reach it.</summary>
internal sealed class ProxyForOthers(IWebProxy environment) : IWebProxy
{
    /// <inheritdoc/>
    public ICredentials? Credentials
    {
        get => environment.Credentials;
        set => environment.Credentials = value;
    }

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : environment.GetProxy(destination);

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => host.IsLoopback || environment.IsBypassed(host);
}
