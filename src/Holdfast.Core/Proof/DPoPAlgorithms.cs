namespace Holdfast;

/// <summary>The JWS algorithms for proofs (RFC 7518 §3.1).</summary>
public static class DPoPAlgorithms
{
    /// <summary>What is accepted unless an operator says otherwise.</summary>
    public static readonly IReadOnlyList<string> Default = ["ES256", "ES384", "PS256", "PS384"];

    /// <summary>What is implemented. RSA keys have 2048 to 4096 bits.</summary>
    public static readonly IReadOnlyList<string> Implemented = ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256"];
}
