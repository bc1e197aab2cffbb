using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Holdfast.AspNetCore;

/// <summary>
/// Tells a trusted proxy from everybody else (FWD-20, RFC 9440 §4): by the address of the socket, or by its being a unix socket, and where set
/// by the proxy's own certificate and a shared secret. Immutable.
/// </summary>
public sealed class ProxyTrust
{
    /// <summary>The request field that carries the shared secret. Remove it before the request goes on.</summary>
    public const string SecretField = "Holdfast-Proxy-Secret";

    private const int MinSecret = 32;
    private const int MaxSecret = 256;
    private const int WidestIPv4 = 8;
    private const int WidestIPv6 = 16;

    private static readonly IPNetwork[] Loopback = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")];

    private readonly IPNetwork[] _networks;
    private readonly bool _unixSocket;
    private readonly CertificateThumbprint[] _certificates;
    private readonly byte[][] _secretHashes;

    private ProxyTrust(IPNetwork[] networks, bool unixSocket, CertificateThumbprint[] certificates, byte[][] secretHashes) =>
        (_networks, _unixSocket, _certificates, _secretHashes) = (networks, unixSocket, certificates, secretHashes);

    /// <summary>True where a shared secret is asked for.</summary>
    internal bool UsesSecrets => _secretHashes.Length > 0;

    /// <summary>Turns options into trust, or adds every problem, each beginning with <paramref name="setting"/>, and returns null.</summary>
    public static ProxyTrust? TryCreate(TrustedProxyOptions options, string setting, ICollection<string> problems)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(problems);
        int before = problems.Count;
        bool isProven = options.CertificateThumbprints.Count > 0 || options.Secrets.Count > 0;
        IPNetwork[] networks = [.. options.Addresses.Select(address => ReadNetwork(address, isProven, setting, problems)).OfType<IPNetwork>()];
        if (options.Addresses.Count == 0 && !options.UnixSocket)
            problems.Add($"{setting}: trusts nobody; name the proxy's Addresses, or set UnixSocket.");
        CertificateThumbprint[] certificates = [.. options.CertificateThumbprints.Select(text => ReadThumbprint(text, setting, problems)).OfType<CertificateThumbprint>()];
        foreach (string secret in options.Secrets)
        {
            if (secret.Length is < MinSecret or > MaxSecret || secret.AsSpan().ContainsAnyExceptInRange('!', '~'))
                problems.Add($"{setting}:Secrets: a secret has {MinSecret} to {MaxSecret} printable characters without spaces.");
        }
        return problems.Count > before
            ? null
            : new(networks, options.UnixSocket, certificates, [.. options.Secrets.Select(secret => SHA256.HashData(Encoding.ASCII.GetBytes(secret)))]);
    }

    /// <summary>Why the peer of this request is not trusted: what was expected and seen, for the operator. Null where it is.</summary>
    public Refusal? Refuse(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        bool isUnix = SocketEnds.Local(context) is UnixDomainSocketEndPoint;
        IPAddress? peer = isUnix ? null : (SocketEnds.Remote(context) as IPEndPoint)?.Address;
        if (isUnix ? !_unixSocket : !IsKnown(peer))
            return Untrusted("a trusted address", isUnix ? "a unix socket" : peer?.ToString() ?? "an address that the server does not tell");
        if (_certificates.Length > 0 && !HasCertificate(context))
            return Untrusted("the proxy's own client certificate", "another, or none");
        if (_secretHashes.Length > 0 && !HasSecret(context.Request))
            return Untrusted("the shared secret of the proxy", "another, none or several");
        return null;
    }

    private bool IsKnown(IPAddress? address)
    {
        if (address is null)
            return false;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return Array.Exists(_networks, network => network.Contains(address));
    }

    private bool HasCertificate(HttpContext context) =>
        ClientCertificates.OfConnection(context).Certificate is { } certificate && Array.IndexOf(_certificates, certificate.Thumbprint) >= 0;

    private bool HasSecret(HttpRequest request)
    {
        if (request.Headers[SecretField] is not [{ Length: <= MaxSecret } presented])
            return false;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(presented), hash);
        bool found = false;
        foreach (byte[] known in _secretHashes)
            found |= CryptographicOperations.FixedTimeEquals(known, hash);
        return found;
    }

    private static Refusal Untrusted(string expected, string seen) => new(VerificationFailure.ProxyUntrusted, expected, seen);

    private static IPNetwork? ReadNetwork(string text, bool isProven, string setting, ICollection<string> problems)
    {
        IPNetwork network;
        if (IPAddress.TryParse(text, out IPAddress? address))
            network = new(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
        else if (!IPNetwork.TryParse(text, out network))
        {
            problems.Add($"{setting}:Addresses: '{text}' is neither an address nor a network such as 10.1.0.0/16.");
            return null;
        }
        // FWD-20: never from everywhere, and not from so much of it that it comes to the same.
        if (network.PrefixLength < (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? WidestIPv4 : WidestIPv6))
            problems.Add($"{setting}:Addresses: '{text}' would trust nearly everybody; name the proxies' own network.");
        if (!isProven && Array.Exists(Loopback, loopback => network.Contains(loopback.BaseAddress) || loopback.Contains(network.BaseAddress)))
            problems.Add($"{setting}:Addresses: '{text}' is loopback, where every local process could play the proxy; use a unix socket, or add CertificateThumbprints or Secrets.");
        return network;
    }

    private static CertificateThumbprint? ReadThumbprint(string text, string setting, ICollection<string> problems)
    {
        if (CertificateThumbprint.TryParse(text, out CertificateThumbprint thumbprint))
            return thumbprint;
        problems.Add($"{setting}:CertificateThumbprints: '{text}' is not a base64url SHA-256 of 43 characters (x5t#S256).");
        return null;
    }
}
