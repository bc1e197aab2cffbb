namespace Holdfast.Issuer;

/// <summary>The keys of a client, parsed once: for assertions or as certificates, whichever it authenticates by. Immutable.</summary>
/// <param name="Keys">What assertions are verified with.</param>
/// <param name="Certificates">What presented certificates are compared with.</param>
internal sealed record ClientKeySet(IReadOnlyList<ClientKey> Keys, IReadOnlyList<RegisteredCertificate> Certificates);

/// <summary>A certificate of the client's own (RFC 8705 §2.2).</summary>
internal sealed record RegisteredCertificate(CertificateThumbprint Thumbprint, DateTimeOffset? NotBefore, DateTimeOffset? NotAfter);
