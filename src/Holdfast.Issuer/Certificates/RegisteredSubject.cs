using Holdfast.Registry;
using System.Net;
using System.Net.Sockets;

namespace Holdfast.Issuer;

/// <summary>The one name that a client of <c>tls_client_auth</c> is known by (RFC 8705 §2.1.2), ready to be compared.</summary>
internal sealed class RegisteredSubject
{
    private readonly Func<CertificateNames, bool> _matches;
    private readonly Func<CertificateNames, IEnumerable<string>> _seen;

    private RegisteredSubject(string text, Func<CertificateNames, bool> matches, Func<CertificateNames, IEnumerable<string>> seen) =>
        (Text, _matches, _seen) = (text, matches, seen);

    /// <summary>Metadata name and value, for the operator.</summary>
    public string Text { get; }

    /// <summary>Whether the certificate bears the name.</summary>
    public bool Matches(CertificateNames names) => _matches(names);

    /// <summary>The names of the same kind in the certificate, for the operator.</summary>
    public string Seen(CertificateNames names) => string.Join(", ", _seen(names)) is { Length: > 0 } seen ? seen : "no name of this kind";

    /// <summary>Reads the registration: exactly one of the five members, in its own form. Null and problems otherwise.</summary>
    public static RegisteredSubject? Read(string setting, Client options, List<string> problems)
    {
        (string Name, string? Value, Reader Read)[] members =
        [
            (nameof(options.TlsClientAuthSubjectDn), options.TlsClientAuthSubjectDn, ReadSubjectDn),
            (nameof(options.TlsClientAuthSanDns), options.TlsClientAuthSanDns, ReadSanDns),
            (nameof(options.TlsClientAuthSanUri), options.TlsClientAuthSanUri, ReadSanUri),
            (nameof(options.TlsClientAuthSanIp), options.TlsClientAuthSanIp, ReadSanIp),
            (nameof(options.TlsClientAuthSanEmail), options.TlsClientAuthSanEmail, ReadSanEmail),
        ];
        bool isWanted = options.AuthenticationMethod == ClientAuthenticationMethods.TlsClientAuth;
        (string Name, string? Value, Reader Read)[] given = [.. members.Where(member => member.Value is not null)];
        if (!isWanted)
        {
            problems.AddRange(given.Select(member => $"{setting}:{member.Name}: has no use with {options.AuthenticationMethod}; remove it."));
            return null;
        }
        // MTLS-07, RFC 8705 §2.1.2: exactly one of them.
        if (given.Length != 1)
        {
            problems.Add($"{setting}: set exactly one of {string.Join(", ", members.Select(member => member.Name))}: the name that tls_client_auth knows the client by.");
            return null;
        }
        RegisteredSubject? subject = given[0].Read(given[0].Value!, out string problem);
        if (subject is null)
            problems.Add($"{setting}:{given[0].Name}: '{given[0].Value}' {problem}");
        return subject;
    }

    private delegate RegisteredSubject? Reader(string text, out string problem);

    // MTLS-08, RFC 8705 §2.1.2: the text of RFC 4514; compared as names, not as text.
    private static RegisteredSubject? ReadSubjectDn(string text, out string problem)
    {
        DistinguishedName? name = DistinguishedNameText.TryParse(text, out string fault);
        problem = $"is not a distinguished name (RFC 4514): {fault}.";
        return name is null ? null : new($"tls_client_auth_subject_dn {name}", names => names.Subject.Equals(name), names => [names.Subject.ToString()]);
    }

    // MTLS-09, RFC 8705 §2.1.2, §7.5: the whole name; RFC 5280 §7.2: without regard to case. A wildcard names no machine, neither here nor there.
    private static RegisteredSubject? ReadSanDns(string text, out string problem)
    {
        problem = "is not a DNS name in ASCII, without wildcard.";
        return IsHost(text)
            ? new($"tls_client_auth_san_dns {text}", names => names.Dns.Contains(text, StringComparer.OrdinalIgnoreCase), names => names.Dns)
            : null;
    }

    // MTLS-10, RFC 8705 §2.1.2: character by character.
    private static RegisteredSubject? ReadSanUri(string text, out string problem)
    {
        problem = "is not an absolute URI in ASCII.";
        return text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('!', '~') && Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
            && text.StartsWith(uri.Scheme + ":", StringComparison.OrdinalIgnoreCase)
            ? new($"tls_client_auth_san_uri {text}", names => names.Uris.Contains(text, StringComparer.Ordinal), names => names.Uris)
            : null;
    }

    // MTLS-11, RFC 8705 §2.1.2: as octets, so that every spelling of an IPv6 address is the same one. An IPv4 address is never its mapped form.
    private static RegisteredSubject? ReadSanIp(string text, out string problem)
    {
        problem = "is not an IPv4 address in four decimal numbers or an IPv6 address.";
        if (text.AsSpan().ContainsAny('%', '[') || !IPAddress.TryParse(text, out IPAddress? address)
            || (address.AddressFamily == AddressFamily.InterNetwork && text != address.ToString()))
            return null;
        byte[] octets = address.GetAddressBytes();
        return new($"tls_client_auth_san_ip {address}", names => names.Addresses.Any(seen => seen.AsSpan().SequenceEqual(octets)),
            names => names.Addresses.Select(seen => seen.Length is 4 or 16 ? new IPAddress(seen).ToString() : "an address of another length"));
    }

    // MTLS-12, RFC 8705 §2.1.2; RFC 5280 §7.5: the local part exactly, the host without regard to case.
    private static RegisteredSubject? ReadSanEmail(string text, out string problem)
    {
        problem = "is not an address in ASCII: local part, @ and host.";
        int at = text.LastIndexOf('@');
        if (at < 1 || text.AsSpan().ContainsAnyExceptInRange('!', '~') || !IsHost(text[(at + 1)..]))
            return null;
        return new($"tls_client_auth_san_email {text}", names => names.Emails.Any(IsSame), names => names.Emails);

        bool IsSame(string seen) => seen.Length == text.Length && seen.AsSpan(0, at + 1).SequenceEqual(text.AsSpan(0, at + 1))
            && seen.AsSpan(at).Equals(text.AsSpan(at), StringComparison.OrdinalIgnoreCase);
    }

    // Letters, digits, hyphens, underscores, as DNS names of machines have them.
    private static bool IsHost(string text) =>
        text.Length is > 0 and <= 253 && text.Split('.').All(label => label.Length is > 0 and <= 63)
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
