namespace Holdfast;

/// <summary>What a server demands of proofs: immutable, one for a deployment.</summary>
public sealed record DPoPProofPolicy
{
    /// <summary>A proof may be this old by its <c>iat</c>.</summary>
    public static readonly TimeSpan PastWindow = TimeSpan.FromSeconds(60);

    /// <summary>A proof's <c>iat</c> may lie this far ahead, because clocks differ.</summary>
    public static readonly TimeSpan FutureWindow = TimeSpan.FromSeconds(10);

    /// <summary>Characters of the longest proof that is read: room for RSA 4096 and a long URL.</summary>
    public const int MaxProofLength = 8192;

    /// <summary>Characters of the longest <c>jti</c>.</summary>
    public const int MaxJtiLength = 256;

    /// <summary>Characters of the longest <c>nonce</c>.</summary>
    public const int MaxNonceLength = 512;

    /// <summary>The algorithms accepted, in order of preference; published and enforced alike (DPOP-AS-13).</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = DPoPAlgorithms.Default;

    /// <summary>When nonces are demanded.</summary>
    public NonceMode NonceMode { get; init; } = NonceMode.Always;

    /// <summary>Public keys kept, of callers whose requests were accepted.</summary>
    public int KeyCacheCapacity { get; init; } = 10_000;
}
