namespace Holdfast.Replay.PostgreSql.Internal;

/// <summary>The constants of the deployment, in ticks. They are not settings, because nodes that disagree on them would file one proof in two places.</summary>
internal static class ReplayTime
{
    /// <summary>How long a record lives, from its anchor.</summary>
    public static readonly long Life = ReplayWindow.Life.Ticks;

    /// <summary>How far ahead of the database's time an anchor may lie.</summary>
    public static readonly long Ahead = ReplayWindow.SkewAhead.Ticks;

    /// <summary>What one bucket holds: the records that expire within it. As long as the farthest expiry lies ahead, so that live records are in two buckets at most.</summary>
    public static readonly long Bucket = Life + Ahead;

    /// <summary>Buckets: two that are alive, one before them that is emptied, one after them that is empty.</summary>
    public const int Buckets = 4;

    /// <summary>How long a bucket that has ended is left alone: far longer than any statement takes.</summary>
    public static readonly long Margin = TimeSpan.FromSeconds(30).Ticks;

    /// <summary>How far the clock of a node may be from the database's.</summary>
    public static readonly long ClockTolerance = TimeSpan.FromSeconds(5).Ticks;

    /// <summary>
    /// The fence of a new epoch, from the database's time: no proof without a nonce that an earlier epoch accepted is anchored later. It accepted anchors
    /// up to <see cref="Ahead"/> of its own time, and two databases that were within tolerance of one node are within twice the tolerance of each other.
    /// </summary>
    public static readonly long Fence = Ahead + (2 * ClockTolerance);

    /// <summary>And of the very first one: what kept records before, in the memory of nodes, may still be answering requests.</summary>
    public static readonly long FirstFence = Fence + TimeSpan.FromSeconds(60).Ticks;
}
