namespace Holdfast;

/// <summary>
/// The constants by which every node files a proof in the same place (RFC 9449 §11.1). They bound what a verifier may accept: a proof is
/// judged fresh for less than <see cref="Life"/> after its anchor, whether that is its nonce or its <c>iat</c>.
/// </summary>
public static class ReplayWindow
{
    /// <summary>
    /// How long a record lives, counted from the proof's anchor and never from now: 120 s. That is the longest a proof can be accepted after
    /// its anchor: a nonce for two generations of 60 s (<see cref="DPoPNonces.LongestLife"/>), an <c>iat</c> for 60 s.
    /// </summary>
    public static TimeSpan Life => DPoPNonces.LongestLife;

    /// <summary>How far ahead of the verifier's clock an anchor may lie: 10 s (RFC 9449 §11.1, DPOP-V-24).</summary>
    public static TimeSpan SkewAhead => DPoPProofPolicy.FutureWindow;
}
