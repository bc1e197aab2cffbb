using System.Security.Cryptography;

namespace Holdfast;

/// <summary>
/// The SHA-256 of a certificate's DER octets: what <c>x5t#S256</c> is (RFC 8705 §3.1), 43 characters of unpadded base64url. May be logged.
/// </summary>
public readonly struct CertificateThumbprint : IEquatable<CertificateThumbprint>
{
    // The same 32 bytes in the same spelling as a key's thumbprint, but never comparable with one.
    private readonly JwkThumbprint _hash;

    /// <summary>The thumbprint of these 32 bytes.</summary>
    public CertificateThumbprint(ReadOnlySpan<byte> hash) => _hash = new(hash);

    /// <summary>The thumbprint of a certificate, over its octets exactly as they were presented.</summary>
    public static CertificateThumbprint Of(ReadOnlySpan<byte> der)
    {
        // MTLS-20, FWD-41, RFC 8705 §3.1: SHA-256 of the DER octets, not of text around them, and never of a re-encoding.
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(der, hash);
        return new(hash);
    }

    /// <summary>Reads the written form strictly: 43 characters, canonical, nothing around them.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CertificateThumbprint thumbprint)
    {
        bool parsed = JwkThumbprint.TryParse(text, out JwkThumbprint hash);
        thumbprint = parsed ? new(hash) : default;
        return parsed;
    }

    private CertificateThumbprint(JwkThumbprint hash) => _hash = hash;

    /// <summary>Compares in fixed time.</summary>
    public bool Equals(CertificateThumbprint other) => _hash == other._hash;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CertificateThumbprint other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash.GetHashCode();

    /// <summary>The written form.</summary>
    public override string ToString() => _hash.ToString();

    /// <summary>Equality in fixed time.</summary>
    public static bool operator ==(CertificateThumbprint left, CertificateThumbprint right) => left.Equals(right);

    /// <summary>Inequality in fixed time.</summary>
    public static bool operator !=(CertificateThumbprint left, CertificateThumbprint right) => !left.Equals(right);
}
