using System.Buffers;

namespace Holdfast.Issuer;

/// <summary>The origin of a redirect URI, for people to read and for the policy of a page.</summary>
internal static class RedirectOrigin
{
    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:/-_");

    /// <summary>As people are told: the origin, or the scheme of an application.</summary>
    public static string Shown(string redirectUri) => IsWeb(redirectUri) ? Authority(redirectUri) : Scheme(redirectUri);

    /// <summary>As a source of Content-Security-Policy: browsers hold the redirect that follows a form to it, too.</summary>
    public static string Source(string redirectUri)
    {
        string authority = Authority(redirectUri);
        // An IPv6 address is no source that browsers read, and what is no plain origin does not get into a header.
        return IsWeb(redirectUri) && !authority.AsSpan().ContainsAnyExcept(Plain) ? authority : Scheme(redirectUri);
    }

    private static bool IsWeb(string uri) => uri.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || uri.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    private static string Scheme(string uri) => uri[..(uri.IndexOf(':') + 1)];

    private static string Authority(string uri)
    {
        int start = uri.IndexOf("://", StringComparison.Ordinal) + 3;
        int end = start < 3 ? -1 : uri.AsSpan(start).IndexOfAny('/', '?');
        return end < 0 ? uri : uri[..(start + end)];
    }
}
