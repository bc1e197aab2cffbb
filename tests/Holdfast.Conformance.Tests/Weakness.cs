namespace Holdfast.Conformance.Tests;

/// <summary>What the API and the issuer of a <see cref="WeakWorld"/> leave out. None of them is a world in which nothing gets through.</summary>
[Flags]
public enum Weakness
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
}
