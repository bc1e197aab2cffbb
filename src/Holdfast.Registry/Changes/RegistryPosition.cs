namespace Holdfast.Registry;

/// <summary>
/// How far the registry has been read: which line of history, and up to where. The line has a new name after a backup was restored, because revisions then
/// mean something else.
/// </summary>
/// <param name="LogId">The name of the line of history; empty: nothing was read.</param>
/// <param name="Revision">The newest revision that was read; 0: nothing was read.</param>
public readonly record struct RegistryPosition(string LogId, long Revision)
{
    /// <summary>Before anything was read.</summary>
    public static readonly RegistryPosition Start = new("", 0);
}
