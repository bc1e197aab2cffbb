using System.Buffers;

namespace Holdfast.Issuer;

/// <summary>A base URL among the settings: absolute, without query and fragment, with a path that can be part of routes.</summary>
internal static class BaseUrl
{
    private static readonly SearchValues<char> PlainPath =
        SearchValues.Create("/-._~ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    /// <summary>The URL, and its path without a trailing slash; null where it is no URL at all. Adds every problem.</summary>
    public static Uri? Check(string setting, string text, string section, List<string> problems, out string path)
    {
        path = "";
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("https" or "http")
            || text.AsSpan().ContainsAnyExceptInRange('!', '~') || uri.UserInfo.Length > 0)
        {
            problems.Add($"{setting}: '{text}' is not an absolute https URL.");
            return null;
        }
        if (text.AsSpan().ContainsAny('?', '#'))
            problems.Add($"{setting}: '{text}' has a query or fragment ({section}).");
        path = uri.AbsolutePath.TrimEnd('/');
        // The path becomes part of routes, so it keeps to characters that mean themselves there.
        if (path.AsSpan().ContainsAnyExcept(PlainPath)
            || path.Contains("//", StringComparison.Ordinal) || text.Split('/')[3..].Any(segment => segment is "." or "..")
            || !text.TrimEnd('/').EndsWith(path, StringComparison.Ordinal))
            problems.Add($"{setting}: the path of '{text}' may hold plain segments of letters, digits, '-', '.', '_' and '~' only.");
        return uri;
    }
}
