namespace Holdfast.Registry;

/// <summary>A revocation in its place in the log.</summary>
/// <param name="Sequence">Its place, counted from 1, without gaps that stay.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="Revocation">What counts no more.</param>
public sealed record RecordedRevocation(long Sequence, DateTimeOffset At, Revocation Revocation);
