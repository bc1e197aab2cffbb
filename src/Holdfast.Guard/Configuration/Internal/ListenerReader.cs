using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.AspNetCore;

namespace Holdfast.Guard.Internal;

/// <summary>Reads an entry of <c>listeners</c>.</summary>
internal sealed class ListenerReader(string folder, Func<string, string?> environment)
{
    private const string Unix = "unix:";

    // ProxyTrust speaks of its options; here they are members of the file.
    private static readonly (string Option, string Member)[] TrustMembers =
        [("Addresses", "addresses"), ("UnixSocket", "unix_socket"), ("CertificateThumbprints", "certificate_thumbprints"), ("Secrets", "secrets")];

    private readonly SecretReader _secrets = new(folder, environment);

    public GuardListener Read(YamlMap map)
    {
        string address = map.RequiredText("address", "such as 127.0.0.1:7400 or unix:/run/holdfast/guard.sock");
        EndPoint endPoint = ReadEndPoint(map, address);
        List<GuardAdapter> adapters = ReadAdapters(map);
        YamlMap? trustMap = map.Map("trust");
        TrustedProxyOptions? options = trustMap is null ? null : ReadTrust(trustMap);
        ListenerTls? tls = map.Map("tls") is { } tlsMap ? ReadTls(tlsMap, options?.CertificateThumbprints.Count > 0) : null;
        if (options is { CertificateThumbprints.Count: > 0 } && !map.Has("tls"))
            trustMap!.Problem("certificate_thumbprints", "a certificate is only shown over TLS; add tls to this listener.");
        bool isPlaintextAllowed = map.Flag("dangerously_allow_plaintext");
        // FWD-11, RFC 9440 §4: the link between proxy and guard carries tokens; nobody else may read it.
        if (tls is null && !map.Has("tls") && !isPlaintextAllowed && endPoint is IPEndPoint { Address: var ip } && !IPAddress.IsLoopback(ip))
            map.Problem("address", $"'{address}' is not loopback and has no tls; tokens would travel in the clear. Add tls, or dangerously_allow_plaintext for a link that nobody can read.");
        // FWD-20, FWD-51: whoever may ask could also ask as somebody else.
        if (adapters.Count > 0 && trustMap is null)
            map.Problem("trust", "missing; say which peers are the proxy.");
        if (!map.Has("adapters") && trustMap is not null)
            trustMap.Problem("has no use without adapters.");
        var listener = new GuardListener
        {
            Address = address,
            EndPoint = endPoint,
            Adapters = adapters,
            Trust = options is null ? null : Create(options, trustMap!),
            TrustInWords = options is null ? [] : InWords(options),
            Tls = tls,
            SocketMode = ReadSocketMode(map, endPoint),
            DangerouslyAllowPlaintext = isPlaintextAllowed,
            ForwardedCertificate = ReadCertificate(map, endPoint, options),
        };
        map.Close();
        return listener;
    }

    private static EndPoint ReadEndPoint(YamlMap map, string address)
    {
        if (address.StartsWith(Unix, StringComparison.Ordinal))
        {
            string path = address[Unix.Length..];
            // sun_path has 108 octets on Linux, with the zero at its end.
            if (Path.IsPathFullyQualified(path) && System.Text.Encoding.UTF8.GetByteCount(path) < 108)
                return new UnixDomainSocketEndPoint(path);
            map.Problem("address", $"'{path}' is not an absolute path of at most 107 bytes.");
        }
        else if (address.Length > 0)
        {
            if (IPEndPoint.TryParse(address, out IPEndPoint? endPoint) && address.EndsWith(FormattableString.Invariant($":{endPoint.Port}"), StringComparison.Ordinal))
                return endPoint;
            map.Problem("address", $"'{address}' is not an address with a port, such as 127.0.0.1:7400 or [::1]:7400, nor unix: and a path.");
        }
        return new IPEndPoint(IPAddress.Loopback, 0);
    }

    private static List<GuardAdapter> ReadAdapters(YamlMap map)
    {
        (string Word, GuardAdapter Value)[] known = [.. AdapterNames.All];
        if (map.IsEmptyList("adapters"))
            map.Problem("adapters", "empty; leave it out where only keys and health are served.");
        var adapters = new List<GuardAdapter>();
        foreach (string name in map.Texts("adapters").Distinct(StringComparer.Ordinal))
        {
            int index = Array.FindIndex(known, adapter => adapter.Word == name);
            if (index < 0)
                map.Problem("adapters", $"'{name}' is none of {string.Join(", ", known.Select(adapter => adapter.Word))}.");
            else
                adapters.Add(known[index].Value);
        }
        return adapters;
    }

    private TrustedProxyOptions ReadTrust(YamlMap map)
    {
        var options = new TrustedProxyOptions
        {
            Addresses = [.. map.Texts("addresses")],
            UnixSocket = map.Flag("unix_socket"),
            CertificateThumbprints = [.. map.Texts("certificate_thumbprints")],
            Secrets = [.. map.Maps("secrets").Select(_secrets.Read).OfType<string>()],
        };
        map.Close();
        // Named and empty, as a template leaves it whose secret is missing: that the proxy needs none is not what it says.
        if (map.IsEmptyList("secrets"))
            map.Problem("secrets", "empty; name at least one secret, or leave the member out.");
        // One that cannot be read has its own problem; that none is left is not another. Nobody knows what stands in its place.
        if (map.Has("secrets") && options.Secrets.Count == 0)
            options.Secrets.Add(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        return options;
    }

    private static ProxyTrust? Create(TrustedProxyOptions options, YamlMap map)
    {
        var problems = new List<string>();
        ProxyTrust? trust = ProxyTrust.TryCreate(options, "", problems);
        foreach (string problem in problems)
        {
            string text = TrustMembers.Aggregate(problem, (text, name) => text.Replace(name.Option, name.Member, StringComparison.Ordinal)).TrimStart(':', ' ');
            (string _, string? member) = Array.Find(TrustMembers, name => text.StartsWith(name.Member + ":", StringComparison.Ordinal));
            if (member is null)
                map.Problem(text);
            else
                map.Problem(member, text[(member.Length + 2)..]);
        }
        return trust;
    }

    private static List<string> InWords(TrustedProxyOptions options)
    {
        var words = new List<string>();
        if (options.UnixSocket)
            words.Add("whoever may connect to the unix socket");
        if (options.Addresses.Count > 0)
            words.Add($"the address {string.Join(" or ", options.Addresses)}");
        if (options.CertificateThumbprints.Count > 0)
            words.Add($"its client certificate ({options.CertificateThumbprints.Count} accepted)");
        if (options.Secrets.Count > 0)
            words.Add($"its secret ({options.Secrets.Count} accepted)");
        return words;
    }

    private ListenerTls? ReadTls(YamlMap map, bool demandsCertificate)
    {
        string certificate = map.RequiredText("certificate_file", "PEM, the listener's certificate first"), key = map.RequiredText("key_file", "PEM, unencrypted");
        map.Close();
        if (certificate.Length == 0 || key.Length == 0)
            return null;
        try
        {
            string path = Path.GetFullPath(certificate, folder);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(path);
            return new(X509Certificate2.CreateFromPemFile(path, Path.GetFullPath(key, folder)), chain, demandsCertificate);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            map.Problem($"certificate and key cannot be used: {failure.Message.TrimEnd('.')}.");
            return null;
        }
    }

    // One format a listener, never guessed (FWD-20).
    private static ForwardedClientCertificateOptions? ReadCertificate(YamlMap map, EndPoint endPoint, TrustedProxyOptions? trust)
    {
        if (map.Map("certificate") is not { } certificate)
            return null;
        var options = new ForwardedClientCertificateOptions
        {
            Format = certificate.RequiredText("format", $"the one that this proxy sends: {Formats}"),
            Field = certificate.Text("field"),
            XfccHops = certificate.Number("hops", 1, 16) ?? 1,
            Port = (endPoint as IPEndPoint)?.Port,
            UnixSocket = endPoint is UnixDomainSocketEndPoint ? endPoint.ToString() : null,
            Trust = trust ?? new(),
        };
        certificate.Close();
        if (trust is null)
            certificate.Problem("has no use without adapters and trust.");
        if (options.Port == 0)
            certificate.Problem("needs a port that is named in address, because it is declared for that port.");
        if (!ForwardedCertificateFormats.TryParse(options.Format, out ForwardedCertificateFormat format))
        {
            if (options.Format.Length > 0)
                certificate.Problem("format", $"'{options.Format}' is none of {Formats}.");
            return options;
        }
        try
        {
            ForwardedCertificateDecoder.Create(new() { Format = format, Field = options.Field, XfccHops = options.XfccHops });
        }
        catch (ArgumentException failure)
        {
            certificate.Problem(failure.Message.Split(" (Parameter ", 2)[0].Replace("XfccHops", "hops", StringComparison.Ordinal));
        }
        return options;
    }

    private static readonly string Formats = string.Join(", ", ForwardedCertificateFormats.All.Select(ForwardedCertificateFormats.NameOf));

    private static UnixFileMode ReadSocketMode(YamlMap map, EndPoint endPoint)
    {
        const UnixFileMode OwnerAndGroup = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        if (map.Text("socket_mode") is not { } text)
            return OwnerAndGroup;
        if (endPoint is not UnixDomainSocketEndPoint)
            map.Problem("socket_mode", "has no use where the address is not a unix socket.");
        switch (text)
        {
            case "owner":
                return UnixFileMode.UserRead | UnixFileMode.UserWrite;
            case "group":
                return OwnerAndGroup;
            default:
                // FWD-20: the socket's permissions are what tells the proxy from other processes.
                map.Problem("socket_mode", $"'{text}' is neither owner nor group; everybody is not a proxy.");
                return OwnerAndGroup;
        }
    }
}
