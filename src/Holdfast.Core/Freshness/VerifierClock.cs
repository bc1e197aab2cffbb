namespace Holdfast;

/// <summary>
/// The time by which freshness, nonces and replay records are judged. It follows the wall clock forward and a monotonic clock beneath
/// it, so it never goes back: a wall clock that is set back cannot make an old proof fresh again (design: "a monotonic clock backs the wall clock").
/// </summary>
public sealed class VerifierClock(TimeProvider timeProvider)
{
    /// <summary>Now; never less than any earlier answer.</summary>
    public DateTimeOffset Now => throw new NotImplementedException();
}
