namespace Holdfast.Registry;

/// <summary>What changed since a position, or everything where that position is on another line of history.</summary>
/// <param name="Position">Where the registry stands now.</param>
/// <param name="IsWhole">True where <paramref name="Entries"/> is everything, and what is not in it does not exist.</param>
/// <param name="Entries">The entries, each once, as they are now; removed ones with no document.</param>
/// <param name="RestoredAt">When this line of history began by a restored backup; null for the first one.</param>
public sealed record RegistryChanges(RegistryPosition Position, bool IsWhole, IReadOnlyList<RegistryEntry> Entries, DateTimeOffset? RestoredAt);
