using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Integration.Tests;

/// <summary>A request to a proxy, as raw as its sender wants it.</summary>
internal sealed record ProxyRequest
{
    /// <summary>Path and query, sent octet for octet.</summary>
    public required string Path { get; init; }

    public string Method { get; init; } = "GET";

    /// <summary>The client certificate of the connection; null for none.</summary>
    public X509Certificate2? Certificate { get; init; }

    public string? Authorization { get; init; }

    public string? Proof { get; init; }

    /// <summary>Fields besides.</summary>
    public IReadOnlyList<(string Name, string Value)> Fields { get; init; } = [];

    public string? Body { get; init; }

    /// <summary>Another <c>Host</c> than that of the URL.</summary>
    public string? Host { get; init; }

    public ProxyTransport Transport { get; init; } = ProxyTransport.Default;

    /// <summary>The last segment of the path, by which signals are found.</summary>
    public string Segment => Path.Split('?')[0].Split('/')[^1];

    /// <summary>A segment that no other request has.</summary>
    public static string NewSegment() => Guid.NewGuid().ToString("N")[..12];
}
