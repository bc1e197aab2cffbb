namespace Holdfast.Storage;

/// <summary>
/// What this process has seen of the database: the number that it wrote there last, and raises every few seconds. A database where it is lower, or gone, was set
/// back behind the back of this process, and every write looks (<see cref="Here"/>), so that nothing is decided by it.
/// </summary>
internal sealed class Pulse(string id)
{
    private long _last;

    /// <summary>Its row.</summary>
    public string Id => id;

    /// <summary>The last one that is known to be written; 0: none was yet.</summary>
    public long Last
    {
        get => Volatile.Read(ref _last);
        set => Volatile.Write(ref _last, value);
    }

    /// <summary>Whether what was read is not behind what was written.</summary>
    public bool IsAfterLast(long? beat) => Last == 0 || beat >= Last;
}
