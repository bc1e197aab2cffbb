namespace Holdfast.AspNetCore;

/// <summary>What became of a made-up proof that was sent twice. Only one of them is a pass, and the default is not.</summary>
internal enum ReplaySelfTestOutcome
{
    /// <summary>The first was not accepted, or nothing was heard of the second: real proofs are refused as well.</summary>
    Unavailable = 0,

    /// <summary>Accepted once, and refused as a replay.</summary>
    Passed = 1,

    /// <summary>Nothing is accepted until no proof from before the start can be fresh.</summary>
    Fenced = 2,

    /// <summary>Accepted twice: the store does not keep what it is for.</summary>
    ReplayAccepted = 3,
}

/// <summary>The same with words.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">Why it did not pass; or where it passed, that the node does without the shared records. Null where all is well.</param>
internal readonly record struct ReplaySelfTestResult(ReplaySelfTestOutcome Outcome, string? Reason);
