namespace Holdfast.Conformance;

/// <summary>
/// Attacks with a token that is bound to a certificate and to a key: one of the two is as the client would do it, and the other one must
/// still stop the thief.
/// </summary>
internal static class BothBoundAttacks
{
    // DPOP-RS-23, RFC 9449 §7.1, RFC 8705 §3: a token with both needs both.
    public static Attack WithoutProof { get; } = new(
        "both_bound_without_proof", "a token bound to both, with the client's certificate and without a proof", thief =>
        [
            thief.Certificates!.WithBoth(null, thief.Certificates.Intercepted.Certificate),
            thief.Certificates.WithBoth(null, thief.Certificates.Intercepted.Certificate, "Bearer"),
        ]);

    public static Attack ProofByThief { get; } = new(
        "both_bound_proof_by_thief", "a token bound to both, with the client's certificate and a proof by the thief's key", thief =>
            thief.Certificates!.WithBoth(thief.ProofAtMtlsResource(thief.Certificates.Intercepted.BothToken!), thief.Certificates.Intercepted.Certificate));

    public static Attack WithoutCertificate { get; } = new(
        "both_bound_without_certificate", "a token bound to both, with an undelivered proof and without a certificate", thief =>
            thief.Certificates!.WithBoth(thief.Certificates.Intercepted.NewProof(), certificate: null));

    public static Attack AnotherCertificate { get; } = new(
        "both_bound_other_certificate", "a token bound to both, with undelivered proofs and other certificates", thief =>
        [
            .. thief.Certificates!.Foreign.Select(certificate => thief.Certificates.WithBoth(thief.Certificates.Intercepted.NewProof(), certificate)),
        ]);
}
