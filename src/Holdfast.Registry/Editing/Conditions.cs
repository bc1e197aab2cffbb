namespace Holdfast.Registry;

/// <summary>Whether an entry is as the caller believes.</summary>
internal static class Conditions
{
    /// <summary>The answer where it is not; null where it is.</summary>
    public static EditResult? Unmet(string what, RegistryEntry entry, EditCondition condition)
    {
        if (condition.IsNew)
            return EditResult.Conflict($"{what} is there already.", isStale: true);
        return condition.Revision is { } revision && revision != entry.Revision
            ? EditResult.Conflict($"{what} has changed since; it is of revision {entry.Revision} now. Read it again and decide again.", isStale: true)
            : null;
    }
}
