namespace Holdfast.Chaos;

/// <summary>A fault that was struck.</summary>
internal sealed record StruckFault(string Name, DateTimeOffset Start, DateTimeOffset End);
