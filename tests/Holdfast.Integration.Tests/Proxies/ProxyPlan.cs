namespace Holdfast.Integration.Tests;

/// <summary>Where a proxy listens, and where the API and the guard listen for it.</summary>
internal sealed class ProxyPlan(Proxy proxy, string folder, int[] ports)
{
    public Proxy Proxy => proxy;
    public string ApiSocket => Path.Combine(folder, $"{proxy.Name}-api.sock");
    public string GuardSocket => Path.Combine(folder, $"{proxy.Name}-guard.sock");
    public int ApiPort => ports[2];
    public int GuardPort => ports[3];

    /// <summary>The API's address, as this proxy's configuration writes it.</summary>
    public string ApiPlace => proxy.UsesUnixSocket ? proxy.Socket(ApiSocket) : $"127.0.0.1:{ApiPort}";

    /// <summary>The same for the guard.</summary>
    public string GuardPlace => proxy.UsesUnixSocket ? (proxy.GuardSocket ?? proxy.Socket)(GuardSocket) : $"127.0.0.1:{GuardPort}";

    /// <summary>The proxy's own port.</summary>
    public int Port(ProxyShape shape) => ports[(int)shape];

    /// <summary>How clients address it.</summary>
    public string Origin(ProxyShape shape) => $"https://localhost:{Port(shape)}";
}
