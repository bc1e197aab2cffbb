using System.Net;

namespace Holdfast.AspNetCore;

/// <summary>Where plain http is tolerated: on loopback, where nobody listens in.</summary>
internal static class HttpsRule
{
    public static bool Allows(Uri uri, bool dangerouslyAllowHttp) =>
        uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && (dangerouslyAllowHttp || IsLoopback(uri)));

    // Not Uri.IsLoopback alone: it also answers true for names that merely resolve here on some systems.
    private static bool IsLoopback(Uri uri) =>
        string.Equals(uri.Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
