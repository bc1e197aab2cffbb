using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Holdfast.Guard.Internal;

/// <summary>A proxy that tells each part of the original request in a field of its own.</summary>
internal sealed class FieldContract(GuardAdapter adapter, string method, string scheme, string host, string uri) : ProxyContract(adapter)
{
    private const int MaxMethod = 32;

    // RFC 9110 §5.6.2: token. A comma is not among them: two fields that somebody joined are two.
    private static readonly SearchValues<char> Token =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~");

    /// <summary>True where the request's own <c>Host</c> field must name the same host, so that what the proxy chose its server by is what the client named.</summary>
    public bool HostMustAgree { get; init; }

    public override Refusal? Read(HttpRequest request, string rawTarget, out OriginalCall call)
    {
        call = default;
        // FWD-51: each part exactly once; a missing one is never guessed from the request to the guard.
        if (Take(request, method, out string sentMethod) is { } noMethod)
            return noMethod;
        if (Take(request, scheme, out string sentScheme) is { } noScheme)
            return noScheme;
        if (Take(request, host, out string sentHost) is { } noHost)
            return noHost;
        if (Take(request, uri, out string sentUri) is { } noUri)
            return noUri;
        if (sentMethod.Length > MaxMethod || sentMethod.AsSpan().ContainsAnyExcept(Token))
            return Incomplete($"one method in {method}", sentMethod);
        return OriginalParts.Check(sentMethod, sentScheme, sentHost, sentUri, out call) ?? (HostMustAgree ? RefuseOtherHost(request, sentHost) : null);
    }

    private static Refusal? Take(HttpRequest request, string field, out string value)
    {
        StringValues lines = request.Headers[field];
        value = lines.Count == 1 ? lines[0] ?? "" : "";
        if (lines.Count != 1)
            return Incomplete($"{field} once", lines.Count == 0 ? "none" : $"{lines.Count} lines");
        return value.Length == 0 ? Incomplete($"{field} with a value", "an empty one") : null;
    }

    // FWD-65, RFC 9110 §7.2: the host that the proxy went by and the one in the client's Host field are the same, or the request means two things.
    private static Refusal? RefuseOtherHost(HttpRequest request, string sentHost)
    {
        // As they were sent: what parses hosts for us throws at names that are no names.
        string gone = request.Headers.Host.ToString();
        return NameOf(sentHost).Equals(NameOf(gone), StringComparison.OrdinalIgnoreCase)
            ? null
            : Incomplete($"Host and the original host to be the same: {Printable.From(sentHost)}", gone);
    }

    private static ReadOnlySpan<char> NameOf(string host)
    {
        int port = host.AsSpan(host.IndexOf(']', StringComparison.Ordinal) + 1).IndexOf(':');
        return port < 0 ? host : host.AsSpan(0, host.IndexOf(']', StringComparison.Ordinal) + 1 + port);
    }
}
