namespace Holdfast.Storage;

/// <summary>How an engine is copied and put back.</summary>
internal interface IDatabaseCopies
{
    /// <summary>Whether there is something at the database's place.</summary>
    bool Exists { get; }

    /// <summary>Copies it as it is at one moment into a new file, for its owner alone.</summary>
    Task SaveAsync(string file, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the file, runs <paramref name="begin"/> in what came of it, and only then puts it in place; what was there is kept under the name that is returned.
    /// </summary>
    Task<string?> RestoreAsync(string file, Func<StateSession, Task> begin, CancellationToken cancellationToken);
}
