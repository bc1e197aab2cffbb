namespace Holdfast.Conformance;

/// <summary>All attacks in the order of the report: those that everybody asks about first, then the rest.</summary>
internal static class AttackTable
{
    /// <summary>Those that this thief is equipped for.</summary>
    public static IReadOnlyList<Attack> For(Thief thief) => thief.Certificates is not { } certificates ? Keys :
    [
        .. Keys,
        .. Certificates.Where(attack => certificates.HasPlainListener || !PlainListener.Contains(attack)),
        .. certificates.Intercepted.BothToken is null ? [] : Both,
        .. Issuer,
    ];

    private static readonly IReadOnlyList<Attack> Keys =
    [
        TokenAttacks.AsBearer,
        ForgedProofAttacks.ThievesKey,
        ReplayAttacks.Again,
        ReplayAttacks.OtherUrl,
        ReplayAttacks.OtherMethod,
        ReplayAttacks.AfterWindow,
        ReplayAttacks.CapturedInParallel,
        ReplayAttacks.InterceptedInParallel,
        AlteredProofAttacks.Ath,
        AlteredProofAttacks.Htu,
        AlteredProofAttacks.Iat,
        AlteredProofAttacks.Nonce,
        ForgedProofAttacks.TwoProofs,
        ForgedProofAttacks.AlgorithmNone,
        ForgedProofAttacks.PrivateKeyInHeader,
        ForgedProofAttacks.OverVictimsKey,

        TokenAttacks.WithoutProof,
        TokenAttacks.EmptyProof,
        TokenAttacks.InQuery,
        TokenAttacks.TwoAuthorizationLines,
        ForgedProofAttacks.KeyedHash,
        AlteredProofAttacks.Htm,
        AlteredProofAttacks.Jti,
        ReplayAttacks.ForOtherToken,
        ReplayAttacks.Malleated,
        ReplayAttacks.RespelledUrl,
        IssuerAttacks.AssertionAgain,
        IssuerAttacks.Downgrade,
    ];

    private static readonly IReadOnlyList<Attack> Certificates =
    [
        CertificateAttacks.Without,
        CertificateAttacks.Another,
        CertificateAttacks.PlainListener,
        CertificateAttacks.AsDPoP,
        CertificateAttacks.KeyBoundToken,
        CertificateAttacks.ForgedField,
        CertificateAttacks.ForgedFieldBesideOwn,
        CertificateAttacks.ForgedFieldAtPlainListener,
    ];

    private static readonly IReadOnlyList<Attack> PlainListener = [CertificateAttacks.PlainListener, CertificateAttacks.ForgedFieldAtPlainListener];

    private static readonly IReadOnlyList<Attack> Both =
    [
        BothBoundAttacks.WithoutProof,
        BothBoundAttacks.ProofByThief,
        BothBoundAttacks.WithoutCertificate,
        BothBoundAttacks.AnotherCertificate,
    ];

    private static readonly IReadOnlyList<Attack> Issuer =
    [
        CertificateIssuerAttacks.Without,
        CertificateIssuerAttacks.Another,
        CertificateIssuerAttacks.ForgedField,
    ];
}
