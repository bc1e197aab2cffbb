namespace Holdfast.Internal;

/// <summary>Time cut into slots, by which records are kept together until all of a slot have expired.</summary>
internal static class ReplaySlots
{
    /// <summary>
    /// Slots that can be alive at once, rounded up to a power of two: a record expires within <see cref="ReplayWindow.Life"/> +
    /// <see cref="ReplayWindow.SkewAhead"/> = 130 s from now, which touches six slots at most.
    /// </summary>
    public const int Ring = 8;

    // Longer slots keep expired records longer; shorter ones make each look-up ask more tables.
    private const long Length = 30 * TimeSpan.TicksPerSecond;

    /// <summary>The slot of an instant in UTC ticks.</summary>
    public static long At(long ticks) => ticks / Length;

    /// <summary>Where a slot is kept.</summary>
    public static int Place(long slot) => (int)(slot & (Ring - 1));
}
