namespace Holdfast.Conformance;

/// <summary>Attacks on the authentication of the client with a certificate at the token endpoint. There is no twin of it.</summary>
internal static class CertificateIssuerAttacks
{
    // MTLS-04, RFC 8705 §2: no certificate, no client; a proof makes up for nothing.
    public static Attack Without { get; } = new(
        "mtls_token_request_without_certificate", "the token request of the client with a certificate, without it", thief =>
        [
            thief.Certificates!.ToIssuer(certificate: null),
            thief.WithProof(thief.Certificates.ToIssuer(certificate: null), thief.Certificates.Intercepted.TokenEndpoint),
            thief.Certificates.ToIssuer(certificate: null, atPlainEndpoint: true),
        ])
    {
        Bearer = BearerForm.None,
    };

    // MTLS-06, RFC 8705 §2.1: the chain leads to a configured authority, and the one registered name is the certificate's.
    public static Attack Another { get; } = new(
        "mtls_token_request_other_certificate", "the same token request with other certificates: forged copies, a neighbour's", thief =>
            [.. thief.Certificates!.Foreign.Select(certificate => thief.Certificates.ToIssuer(certificate))])
    {
        Bearer = BearerForm.None,
    };

    // MTLS-01, RFC 8705 §2: a header alone is no certificate.
    public static Attack ForgedField { get; } = new(
        "mtls_token_request_forged_header", "the same token request, its certificate in a forged header in every known spelling", thief =>
            CertificateAttacks.Forged(thief, thief.Certificates!.ToIssuer(certificate: null)))
    {
        Bearer = BearerForm.None,
        Noticed = CertificateAttacks.ForgeryNoticed,
    };
}
