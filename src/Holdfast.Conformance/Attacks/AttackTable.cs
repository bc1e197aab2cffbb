namespace Holdfast.Conformance;

/// <summary>All attacks in the order of the report: those that everybody asks about first, then the rest.</summary>
internal static class AttackTable
{
    public static IReadOnlyList<Attack> All { get; } =
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
}
