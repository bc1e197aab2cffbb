namespace Holdfast.Integration.Tests;

/// <summary>What stands behind the proxy.</summary>
public enum ProxyShape
{
    /// <summary>An ASP.NET Core API with <c>AddHoldfast</c>, which takes the certificate that the proxy hands on.</summary>
    Api,

    /// <summary>A service that knows nothing of tokens; the proxy asks the guard.</summary>
    Guard,
}

/// <summary>How the proxy reaches the API and the guard.</summary>
internal enum ProxyLink
{
    /// <summary>A unix socket that nobody else may write to.</summary>
    UnixSocket,

    /// <summary>The same, and a secret.</summary>
    UnixSocketAndSecret,

    /// <summary>A port on loopback, and a secret.</summary>
    PortAndSecret,
}

/// <summary>One of the proxies with a sample that is run: its names, and how its program is started in the foreground.</summary>
internal sealed record Proxy
{
    /// <summary>The folder below <c>samples/proxies</c>, and the name of the format that its certificates have.</summary>
    public required string Name { get; init; }

    /// <summary>The folder with the configurations.</summary>
    public string Folder => IsCompetitor ? $"tests/Holdfast.Integration.Tests/Proxies/{Name}" : $"samples/proxies/{Name}";

    /// <summary>True where it is no proxy of ours, but what people use instead of the guard.</summary>
    public bool IsCompetitor { get; init; }

    /// <summary>The program, as it is found on the path.</summary>
    public required string Program { get; init; }

    /// <summary>What else must be there: full paths, in which a star stands for one folder.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>The guard's contract with it.</summary>
    public required string Adapter { get; init; }

    public required ProxyLink Link { get; init; }

    /// <summary>The file of each sample.</summary>
    public required Func<ProxyShape, string> Sample { get; init; }

    /// <summary>The arguments, given the folder with the sample and the sample's path.</summary>
    public required Func<string, string, string[]> Arguments { get; init; }

    /// <summary>How a unix socket is written in this proxy's configuration, where it is for plain HTTP.</summary>
    public required Func<string, string> Socket { get; init; }

    /// <summary>The same for the guard, where that differs.</summary>
    public Func<string, string>? GuardSocket { get; init; }

    public static IReadOnlyList<Proxy> All { get; } =
    [
        new()
        {
            Name = "nginx", Program = "nginx", Adapter = "nginx", Link = ProxyLink.UnixSocket,
            Sample = shape => shape == ProxyShape.Api ? "api.conf" : "guard.conf",
            Arguments = (folder, sample) => ["-g", "daemon off;", "-e", "stderr", "-p", folder, "-c", sample],
            Socket = path => $"unix:{path}",
        },
        new()
        {
            Name = "caddy", Program = "caddy", Adapter = "forward", Link = ProxyLink.PortAndSecret,
            Sample = shape => shape == ProxyShape.Api ? "api.Caddyfile" : "guard.Caddyfile",
            Arguments = (_, sample) => ["run", "--adapter", "caddyfile", "--config", sample],
            Socket = path => $"unix/{path}",
        },
        new()
        {
            Name = "haproxy", Program = "haproxy", Adapter = "haproxy", Link = ProxyLink.UnixSocketAndSecret,
            Sample = shape => shape == ProxyShape.Api ? "api.cfg" : "guard.cfg",
            Arguments = (_, sample) => ["-f", sample, "-db"],
            Socket = path => $"unix@{path}",
        },
        new()
        {
            Name = "apache", Program = "apache2", Adapter = "apache", Link = ProxyLink.UnixSocket, Needs = ["/usr/lib/apache2/modules/mod_lua.so", "/usr/lib/*/lua/5.3/socket/core.so"],
            Sample = shape => shape == ProxyShape.Api ? "api.conf" : "guard.conf",
            Arguments = (folder, sample) => ["-d", folder, "-f", sample, "-DFOREGROUND"],
            Socket = path => $"unix:{path}|http://api", GuardSocket = path => path,
        },
    ];

    /// <summary>Apache that verifies by itself, with the nearest module there is.</summary>
    public static Proxy ModOAuth2 { get; } = Named("apache") with
    {
        Name = "mod_oauth2", IsCompetitor = true, Needs = ["/usr/lib/apache2/modules/mod_oauth2.so"], Sample = _ => "server.conf",
    };

    public static Proxy Named(string name) => All.Single(proxy => proxy.Name == name);

    public bool UsesUnixSocket => Link != ProxyLink.PortAndSecret;

    public bool UsesSecret => Link != ProxyLink.UnixSocket;

    public override string ToString() => Name;
}
