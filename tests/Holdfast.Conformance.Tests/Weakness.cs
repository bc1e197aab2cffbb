namespace Holdfast.Conformance.Tests;

/// <summary>What the API and the issuer of a <see cref="WeakWorld"/> leave out. None of them is a world in which nothing gets through.</summary>
[Flags]
public enum Weakness : long
{
    None = 0,
    AcceptsBearer = 1 << 0,
    AcceptsTokenInQuery = 1 << 1,
    TakesFirstAuthorization = 1 << 2,
    ProofIsOptional = 1 << 3,
    TakesFirstProof = 1 << 4,
    AcceptsAlgNone = 1 << 5,
    AcceptsHs256 = 1 << 6,
    AcceptsPrivateKey = 1 << 7,
    NoMethodCheck = 1 << 8,
    NoTargetCheck = 1 << 9,
    NoWindow = 1 << 10,
    NoAthCheck = 1 << 11,
    NoBinding = 1 << 12,
    NoSignatureCheck = 1 << 13,
    NoReplayCheck = 1 << 14,
    RacyReplayCheck = 1 << 15,
    ReplayBySpelling = 1 << 16,
    AcceptsAssertionTwice = 1 << 17,
    IssuesUnbound = 1 << 18,

    // Not weaknesses, but other ways in which a world may differ.
    AlwaysNonce = 1 << 20,
    SaysNothing = 1 << 21,
    RefusesEverybody = 1 << 22,
    BreaksOnTwoProofs = 1 << 23,
    IssuesBearerTokens = 1 << 24,
    HasNoCertificates = 1 << 25,
    GivesNoTokenForBoth = 1 << 26,
    EndsTlsOnForeignCertificates = 1 << 27,
    MalformedToProxy = 1 << 28,
    IssuesUnboundToCertificate = 1 << 29,

    // Of certificates, at the API.
    NoCertificateCheck = 1L << 32,
    CertificateIsOptional = 1L << 33,
    CertificateByName = 1L << 34,
    CertificateByChain = 1L << 35,
    BelievesCertificateField = 1L << 36,
    BelievesUnderscores = 1L << 37,
    AcceptsCertificateTokenByDPoP = 1L << 38,
    CertificateReplacesProof = 1L << 39,
    CertificateIsEnough = 1L << 40,
    ProofIsEnough = 1L << 41,
    NoCertificateCheckOnPlainListener = 1L << 42,

    // Of certificates, at the issuer.
    IssuerNeedsNoCertificate = 1L << 48,
    IssuerComparesNames = 1L << 49,
    IssuerTrustsTheAuthorityAlone = 1L << 50,
    IssuerBelievesCertificateField = 1L << 51,
}

/// <summary>What a token of a <see cref="WeakWorld"/> is bound to; empty for nothing.</summary>
internal sealed record Binding(string Jkt, string X5t);
