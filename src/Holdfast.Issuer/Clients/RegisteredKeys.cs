using System.Net;

namespace Holdfast.Issuer;

/// <summary>Where a client's keys are registered: fixed among the settings, or at a URL of the client's.</summary>
internal readonly record struct RegisteredKeys(ClientKeySet? Fixed, Uri? Uri)
{
    /// <summary>Reads the registration at start. Problems are reported, never repaired.</summary>
    public static RegisteredKeys Read(string setting, IssuerClientOptions options, IReadOnlyList<string> algorithms, bool allowInternal, List<string> problems)
    {
        string?[] sources = [options.Jwks, options.JwksFile, options.JwksUri];
        if (sources.Count(source => source is not null) != 1)
        {
            problems.Add($"{setting}: set exactly one of Jwks, JwksFile and JwksUri: the public keys that {options.AuthenticationMethod} is verified with.");
            return default;
        }
        if (options.JwksUri is not null)
            return new(null, CheckUri($"{setting}:JwksUri", options.JwksUri, allowInternal, problems));
        setting += options.Jwks is null ? ":JwksFile" : ":Jwks";
        try
        {
            string json = options.Jwks ?? File.ReadAllText(options.JwksFile!);
            ClientKeySet keys = ClientKeySetReader.Read(json, IsForCertificates(options.AuthenticationMethod), algorithms, out var faults, out var keyFaults);
            problems.AddRange(faults.Concat(keyFaults).Select(fault => $"{setting}: {fault}"));
            if (faults.Count + keyFaults.Count + keys.Keys.Count + keys.Certificates.Count == 0)
                problems.Add($"{setting}: holds no key.");
            return new(keys, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problems.Add($"{setting}: '{options.JwksFile}' cannot be read: {e.Message}");
            return default;
        }
    }

    /// <summary>True where the method compares certificates, false where it verifies assertions.</summary>
    public static bool IsForCertificates(string method) => method == ClientAuthenticationMethods.SelfSignedTlsClientAuth;

    // MTLS-16, RFC 7591 §2: https only. An address that is written out is judged here, a name each time it is resolved.
    private static Uri? CheckUri(string setting, string text, bool allowInternal, List<string> problems)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme != Uri.UriSchemeHttps || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0
            || text.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            problems.Add($"{setting}: '{text}' is not an absolute https URL.");
            return null;
        }
        if (!allowInternal && IPAddress.TryParse(uri.DnsSafeHost, out IPAddress? address) && InternalAddresses.Contains(address))
            problems.Add($"{setting}: '{text}' leads to an address that is not on the public internet; set DangerouslyAllowInternalJwksUris if it is meant.");
        return uri;
    }
}
