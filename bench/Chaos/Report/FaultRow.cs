namespace Holdfast.Chaos;

/// <summary>What a fault cost the honest.</summary>
/// <param name="Name">What was done.</param>
/// <param name="AtSeconds">When, counted from the start of the load.</param>
/// <param name="LastedSeconds">How long it took, with its own repair.</param>
/// <param name="HonestFailed">Honest requests sent since then, and before the next fault, that were refused, told to come again or not answered.</param>
/// <param name="UntilNormalSeconds">From its start until the last of these had failed; 0 where none did.</param>
internal sealed record FaultRow(string Name, double AtSeconds, double LastedSeconds, int HonestFailed, double UntilNormalSeconds);
