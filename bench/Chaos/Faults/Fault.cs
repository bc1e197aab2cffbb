namespace Holdfast.Chaos;

/// <summary>Something that is done to the scene.</summary>
/// <param name="Name">What.</param>
/// <param name="StrikeAsync">Does it, and where it has an end, ends it.</param>
internal sealed record Fault(string Name, Func<ChaosScene, Task> StrikeAsync);
