using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast;

/// <summary>
/// A certificate whose private key the caller's TLS connection proved, as far as whoever ended that connection can be believed. It proves
/// possession and is no identity: whether it names a client is for the issuer to decide (MTLS-27).
/// </summary>
public sealed class ClientCertificate
{
    /// <summary>Octets of the longest certificate that is read.</summary>
    public const int MaxLength = 16 * 1024;

    private ClientCertificate(CertificateThumbprint thumbprint, ReadOnlyMemory<byte> der, DateTimeOffset? notBefore, DateTimeOffset? notAfter) =>
        (Thumbprint, Der, NotBefore, NotAfter) = (thumbprint, der, notBefore, notAfter);

    /// <summary>What tokens are bound to.</summary>
    public CertificateThumbprint Thumbprint { get; }

    /// <summary>The octets as presented; empty where a proxy told only their hash.</summary>
    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>From when it is valid; null where only the hash is known.</summary>
    public DateTimeOffset? NotBefore { get; }

    /// <summary>Until when it is valid; null where only the hash is known.</summary>
    public DateTimeOffset? NotAfter { get; }

    /// <summary>The other certificates of the chain in TLS order, without the leaf, as presented: unverified, to help to build one.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Chain { get; init; } = [];

    /// <summary>True where a proxy handed it on, false where this server ended TLS itself.</summary>
    public bool IsForwarded { get; init; }

    /// <summary>
    /// What a proxy said of the chain: true verified, false not, null nothing. Possession does not depend on it (MTLS-26); authentication by
    /// <c>tls_client_auth</c> builds its own chain.
    /// </summary>
    public bool? IsChainVerified { get; init; }

    /// <summary>Reads one certificate: DER, no longer than <see cref="MaxLength"/>, and nothing behind it. Null where it is anything else.</summary>
    public static ClientCertificate? TryRead(ReadOnlyMemory<byte> der)
    {
        // FWD-41, RFC 8705 §3.1: one DER certificate, bounded, no trailing octets.
        if (der.Length is 0 or > MaxLength)
            return null;
        try
        {
            AsnDecoder.ReadSequence(der.Span, AsnEncodingRules.DER, out _, out _, out int read);
            if (read != der.Length)
                return null;
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der.Span);
            return From(certificate, der, []);
        }
        catch (Exception failure) when (failure is AsnContentException or CryptographicException)
        {
            return null;
        }
    }

    /// <summary>
    /// The certificate that the platform's own TLS layer handed over; it stays the caller's to dispose of. Where its dates cannot be read it has expired.
    /// </summary>
    public static ClientCertificate From(X509Certificate2 certificate) => From(certificate, []);

    /// <summary>The same, with the other certificates that came with it, in TLS order.</summary>
    public static ClientCertificate From(X509Certificate2 certificate, IReadOnlyList<ReadOnlyMemory<byte>> chain)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(chain);
        try
        {
            return From(certificate, certificate.RawDataMemory, chain);
        }
        catch (CryptographicException)
        {
            // MTLS-44, RFC 8705 §7.5: handshakes do not look at dates, so a stranger may present any octets in their place.
            return new(CertificateThumbprint.Of(certificate.RawDataMemory.Span), certificate.RawDataMemory, DateTimeOffset.MaxValue, DateTimeOffset.MinValue) { Chain = chain };
        }
    }

    /// <summary>A certificate of which a proxy told only the hash.</summary>
    public static ClientCertificate FromThumbprint(CertificateThumbprint thumbprint) => new(thumbprint, default, null, null);

    /// <summary>The same certificate as a proxy handed it on, with what it said of the chain.</summary>
    internal ClientCertificate AsForwarded(IReadOnlyList<ReadOnlyMemory<byte>> chain, bool? isChainVerified) =>
        new(Thumbprint, Der, NotBefore, NotAfter) { Chain = chain, IsForwarded = true, IsChainVerified = isChainVerified };

    private static ClientCertificate From(X509Certificate2 certificate, ReadOnlyMemory<byte> der, IReadOnlyList<ReadOnlyMemory<byte>> chain) =>
        new(CertificateThumbprint.Of(der.Span), der,
            new DateTimeOffset(certificate.NotBefore.ToUniversalTime()), new DateTimeOffset(certificate.NotAfter.ToUniversalTime())) { Chain = chain };
}
