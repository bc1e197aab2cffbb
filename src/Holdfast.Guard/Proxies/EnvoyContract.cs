using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Holdfast.Guard.Internal;

/// <summary>
/// Envoy's HTTP <c>ext_authz</c> (FWD-57): the request to the guard has the original method, the original <c>Host</c>, and the original path and query
/// behind <c>path_prefix</c>. <c>path_override</c> and <c>method_override</c> must not be set.
/// </summary>
internal sealed class EnvoyContract() : ProxyContract(GuardAdapter.Envoy)
{
    private const string Scheme = "X-Forwarded-Proto";

    public override bool IsFor(ReadOnlySpan<char> rawTarget) => rawTarget.StartsWith(Path, StringComparison.Ordinal);

    public override Refusal? Read(HttpRequest request, string rawTarget, out OriginalCall call)
    {
        call = default;
        string uri = rawTarget[Path.Length..];
        if (!uri.StartsWith('/'))
            return Incomplete($"the original path behind {Path}", rawTarget);
        StringValues scheme = request.Headers[Scheme];
        if (scheme is not [{ Length: > 0 } one])
            return Incomplete($"{Scheme} once", scheme.Count == 0 ? "none" : $"{scheme.Count} lines, or an empty one");
        // As it was sent: what parses hosts for us throws at names that are no names.
        if (request.Headers.Host is not [{ Length: > 0 } host])
            return Incomplete("the original Host", "none");
        return OriginalParts.Check(request.Method, one, host, uri, out call);
    }
}
