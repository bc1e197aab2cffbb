using System.Security.Authentication;

namespace Holdfast.Integration.Tests;

/// <summary>Which versions of HTTP and TLS a client speaks.</summary>
internal sealed record ProxyTransport(Version Http, SslProtocols Tls)
{
    public static readonly ProxyTransport Default = Of("2.0", "1.3");

    /// <summary>The arguments for <see cref="Of"/>, as cases of a theory.</summary>
    public static IEnumerable<object[]> All => [["1.1", "1.2"], ["1.1", "1.3"], ["2.0", "1.2"], ["2.0", "1.3"]];

    public static ProxyTransport Of(string http, string tls) => new(Version.Parse(http), tls == "1.2" ? SslProtocols.Tls12 : SslProtocols.Tls13);
}
