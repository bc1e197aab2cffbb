using System.Net;
using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>Where a client's keys are registered: fixed among the settings, or at a URL of the client's.</summary>
internal readonly record struct RegisteredKeys(ClientKeySet? Fixed, Uri? Uri)
{
    /// <summary>Reads the registration. Problems are reported, never repaired.</summary>
    public static RegisteredKeys Read(string setting, string keysSetting, Client client, IReadOnlyList<string> algorithms, bool allowInternal, List<string> problems)
    {
        // AT-64, RFC 7591 §2: one source of keys.
        if (client.Jwks is null == client.JwksUri is null)
        {
            problems.Add($"{setting}: set exactly one of Jwks, JwksFile and JwksUri: the public keys that {client.AuthenticationMethod} is verified with.");
            return default;
        }
        if (client.JwksUri is not null)
            return new(null, CheckUri(keysSetting, client.JwksUri, allowInternal, problems));
        // A file that could not be read has been told of.
        if (client.Jwks is { Length: 0 })
            return default;
        ClientKeySet keys = ClientKeySetReader.Read(client.Jwks!, IsForCertificates(client.AuthenticationMethod), algorithms, out var faults, out var keyFaults);
        problems.AddRange(faults.Concat(keyFaults).Select(fault => $"{keysSetting}: {fault}"));
        if (faults.Count + keyFaults.Count + keys.Keys.Count + keys.Certificates.Count == 0)
            problems.Add($"{keysSetting}: holds no key.");
        return new(keys, null);
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
