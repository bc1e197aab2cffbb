namespace Holdfast.Issuer;

/// <summary>A private key that stays where it is: behind an OpenSSL engine or provider.</summary>
public sealed class ExternalIssuerKeyOptions
{
    /// <summary>
    /// <c>engine:NAME:KEY</c> or <c>provider:NAME:KEY</c>, such as <c>engine:pkcs11:pkcs11:token=issuer;object=signing-1;type=private?pin-source=file:/etc/holdfast/pin</c>
    /// (RFC 7512). A PIN in it (<c>pin-value</c>) is refused.
    /// </summary>
    public string Location { get; set; } = "";

    /// <summary>What it signs with: <c>ES256</c> (the default) for a P-256 key, <c>PS256</c> or <c>RS256</c> for an RSA key of 2048 to 4096 bits.</summary>
    public string Algorithm { get; set; } = SigningAlgorithms.ES256;
}
