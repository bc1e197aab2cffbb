namespace Holdfast.Storage;

/// <summary>A write that waits for the writer.</summary>
internal abstract class SqliteWrite
{
    /// <summary>Does it; false where nothing of it is to stay.</summary>
    public abstract bool Run(StateSession session);

    /// <summary>It is on the disk, or was not to be.</summary>
    public abstract void Complete();

    /// <summary>Nothing is known to be on the disk.</summary>
    public abstract void Fail(Exception fault);

    /// <summary>Whether anybody still waits for it.</summary>
    public abstract bool IsWanted { get; }
}

/// <inheritdoc/>
internal sealed class SqliteWrite<T>(Func<StateSession, Task<T>> write, Func<T, bool> keeps, CancellationToken cancellationToken) : SqliteWrite
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Task => _answer.Task;

    // What nobody waits for any more is not begun: its caller was told that nothing is known.
    public override bool IsWanted => !cancellationToken.IsCancellationRequested;

    public override bool Run(StateSession session)
    {
        // On SQLite every statement ends before its method returns, so there is nothing to wait for.
        _result = write(session).GetAwaiter().GetResult();
        return keeps(_result);
    }

    public override void Complete() => _answer.TrySetResult(_result!);

    public override void Fail(Exception fault) => _answer.TrySetException(fault);
}
