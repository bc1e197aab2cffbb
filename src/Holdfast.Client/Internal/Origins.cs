namespace Holdfast.Client.Internal;

/// <summary>What an origin is (RFC 6454 §4), and which of them may see a token.</summary>
internal static class Origins
{
    public static bool IsHttp(Uri uri) => uri.IsAbsoluteUri && uri.Scheme is "https" or "http";

    /// <summary>Encrypted, or never leaving this machine.</summary>
    public static bool IsProtected(Uri uri) => HttpsRule.Allows(uri, dangerouslyAllowHttp: false);

    /// <summary>Scheme, host and port, in one spelling.</summary>
    public static string Of(Uri uri) => $"{uri.Scheme}://{uri.IdnHost.ToLowerInvariant()}:{uri.Port}";

    public static bool AreSame(Uri left, Uri right) => string.Equals(Of(left), Of(right), StringComparison.Ordinal);
}
