namespace Holdfast.Conformance;

/// <summary>Attacks with a token that is bound to a certificate (RFC 8705 §3): everything is there but the key of that certificate.</summary>
internal static class CertificateAttacks
{
    // MTLS-24, MTLS-25, RFC 8705 §3: no certificate counts as another one.
    public static Attack Without { get; } = new(
        "certificate_token_without_certificate", "a certificate-bound token over TLS without a certificate", thief =>
            thief.Certificates!.WithToken());

    // MTLS-24, MTLS-26, RFC 8705 §3, §6.2: names and chain prove nothing here, only the very certificate does.
    public static Attack Another { get; } = new(
        "certificate_token_other_certificate", "a certificate-bound token with other certificates: forged copies, a neighbour's", thief =>
            [.. thief.Certificates!.Foreign.Select(certificate => thief.Certificates.WithToken(certificate))]);

    // MTLS-25, RFC 8705 §3: also where certificates are not asked for.
    public static Attack PlainListener { get; } = new(
        "certificate_token_plain_listener", "a certificate-bound token at the plain listener, where nobody asks for certificates", thief =>
            thief.Certificates!.AtPlainListener());

    // DPOP-RS-04, RFC 9449 §7.1: a proof by a key that the token does not name replaces nothing.
    public static Attack AsDPoP { get; } = new(
        "certificate_token_as_dpop", "a certificate-bound token by the DPoP scheme, with a proof by the thief's key", thief =>
        [
            .. thief.Certificates!.Foreign.Take(1).Prepend(null).Select(certificate =>
                thief.Certificates.WithToken(certificate, "DPoP").With("DPoP", thief.ProofAtMtlsResource(thief.Certificates.Loot.Token).ToString())),
        ]);

    // DPOP-RS-03, RFC 9449 §7.2: and a certificate that the token does not name replaces no proof.
    public static Attack KeyBoundToken { get; } = new(
        "dpop_token_by_certificate", "the key-bound token as a bearer token, over connections with certificates", thief =>
        [
            .. thief.Certificates!.Foreign.Append(thief.Certificates.Intercepted.Certificate).Select(certificate =>
                thief.Certificates.WithOther(thief.Loot.Token, certificate)),
        ]);

    // FWD-20, FWD-21, RFC 9440 §4: what anyone can write into a field is no certificate, whatever the spelling.
    public static Attack ForgedField { get; } = new(
        "forged_certificate_header", "a certificate-bound token, its certificate in a forged header in every known spelling", thief =>
            Forged(thief, thief.Certificates!.WithToken()))
    {
        Noticed = ForgeryNoticed,
    };

    // FWD-42, RFC 9440 §1: the thief's own certificate makes him no proxy.
    public static Attack ForgedFieldBesideOwn { get; } = new(
        "forged_certificate_header_other_certificate", "the same forged headers, over a connection with the thief's certificate", thief =>
            Forged(thief, thief.Certificates!.WithToken(thief.Certificates.Foreign[0])))
    {
        Noticed = ForgeryNoticed,
    };

    public static Attack ForgedFieldAtPlainListener { get; } = new(
        "forged_certificate_header_plain_listener", "the same forged headers, at the plain listener", thief =>
            Forged(thief, thief.Certificates!.AtPlainListener()))
    {
        Noticed = ForgeryNoticed,
    };

    internal const string ForgeryNoticed = "certificate_header_untrusted";

    internal static IReadOnlyList<RawRequest> Forged(Thief thief, RawRequest request) =>
        [.. ForgedFields.Of(thief.Certificates!.Loot.Certificate).Select(lines => request with { Fields = [.. request.Fields, .. lines] })];
}
