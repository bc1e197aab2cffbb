namespace Holdfast;

/// <summary>What a server demands of proofs: immutable, one for a deployment.</summary>
public sealed record DPoPProofPolicy
{
    /// <summary>The algorithms accepted, in order of preference; published and enforced alike (DPOP-AS-13).</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = DPoPAlgorithms.Default;

    /// <summary>When nonces are demanded.</summary>
    public NonceMode NonceMode { get; init; } = NonceMode.Always;
}

/// <summary>The JWS algorithms for proofs (RFC 7518 §3.1).</summary>
public static class DPoPAlgorithms
{
    /// <summary>What is accepted unless an operator says otherwise.</summary>
    public static readonly IReadOnlyList<string> Default = ["ES256", "ES384", "PS256", "PS384"];

    /// <summary>What is implemented. RSA keys have 2048 to 4096 bits.</summary>
    public static readonly IReadOnlyList<string> Implemented = ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256"];
}
