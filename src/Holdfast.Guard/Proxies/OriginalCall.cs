namespace Holdfast.Guard.Internal;

/// <summary>What the client asked the proxy for, as the proxy tells it; nothing is normalised.</summary>
/// <param name="Method">The method, octet for octet.</param>
/// <param name="Scheme"><c>http</c> or <c>https</c>.</param>
/// <param name="Host">Host, with its port where it has one.</param>
/// <param name="Uri">Raw path and query, beginning with a slash.</param>
internal readonly record struct OriginalCall(string Method, string Scheme, string Host, string Uri);
