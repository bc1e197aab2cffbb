namespace Holdfast.Issuer;

/// <summary>Finds where a client has its codes sent (RFC 6749 §3.1.2, RFC 9700 §4.1.3).</summary>
internal static class RegisteredRedirect
{
    private static readonly string[] Loopback = ["http://127.0.0.1", "http://[::1]"];

    /// <summary>The URI to be used: the stated one where it is registered, or the only one where none is stated; null where there is none.</summary>
    public static string? Find(IssuerClient client, string? stated)
    {
        IReadOnlyList<string> registered = client.Registered.RedirectUris;
        // RFC 6749 §3.1.2.3: it may be left out where there is only one. FAPI-15, FAPI 2.0 §5.3.2.2: not under that profile.
        if (stated is null)
            return registered.Count == 1 && !ProfileRules.RequiresRedirectUri(client.Profile) ? registered[0] : null;
        // FAPI-12, RFC 9700 §4.1.3: character by character, with one exception.
        return registered.Any(uri => string.Equals(uri, stated, StringComparison.Ordinal) || DiffersInPortAlone(uri, stated)) ? stated : null;
    }

    // RFC 8252 §7.3: a native application learns its port when it starts. Only where the host is the loopback address itself: 'localhost' may lead elsewhere (§8.3).
    private static bool DiffersInPortAlone(string registered, string stated) =>
        Array.Exists(Loopback, origin => Rest(registered, origin) is { } expected && Rest(stated, origin) is { } seen && string.Equals(expected, seen, StringComparison.Ordinal));

    // What follows the port; null where it is another origin, or the port is none.
    private static string? Rest(string uri, string origin)
    {
        if (!uri.StartsWith(origin, StringComparison.Ordinal))
            return null;
        string rest = uri[origin.Length..];
        if (!rest.StartsWith(':'))
            return rest.Length == 0 || rest[0] is '/' or '?' ? rest : null;
        int end = rest.AsSpan().IndexOfAny('/', '?');
        string port = end < 0 ? rest[1..] : rest[1..end];
        bool isPort = port is { Length: > 0 and <= 5 } && port.All(char.IsAsciiDigit) && int.Parse(port, System.Globalization.CultureInfo.InvariantCulture) is > 0 and <= 65535;
        return isPort ? (end < 0 ? "" : rest[end..]) : null;
    }
}
