namespace Holdfast.Conformance;

/// <summary>
/// Attacks with a token that is bound to a certificate and to a key: one of the two is as the client would do it, and the other one must
/// still stop the thief.
/// </summary>
internal static class BothBoundAttacks
{
    // DPOP-RS-23, RFC 9449 §7.1, RFC 8705 §3: a token with both needs both.
    public static Attack WithoutProof { get; } = new(
        "both_bound_without_proof", "a token bound to certificate and key, over the client's own connection without a proof, by both schemes", thief =>
        [
            thief.Certificates!.WithBoth(null, thief.Certificates.Intercepted.Certificate),
            thief.Certificates.WithBoth(null, thief.Certificates.Intercepted.Certificate, "Bearer"),
        ]);

    public static Attack ProofByThief { get; } = new(
        "both_bound_proof_by_thief", "the same over the client's own connection, with a correct proof by the thief's key", thief =>
            thief.Certificates!.WithBoth(thief.ProofAtMtlsResource(thief.Certificates.Intercepted.BothToken!), thief.Certificates.Intercepted.Certificate));

    public static Attack WithoutCertificate { get; } = new(
        "both_bound_without_certificate", "the same with an undelivered proof, over a connection without a certificate", thief =>
            thief.Certificates!.WithBoth(thief.Certificates.Intercepted.NewProof(), certificate: null));

    public static Attack AnotherCertificate { get; } = new(
        "both_bound_other_certificate", "the same with undelivered proofs, over connections with other certificates", thief =>
        [
            .. thief.Certificates!.Foreign.Select(certificate => thief.Certificates.WithBoth(thief.Certificates.Intercepted.NewProof(), certificate)),
        ]);
}
