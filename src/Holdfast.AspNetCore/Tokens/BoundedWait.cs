namespace Holdfast.AspNetCore;

/// <summary>Lets no more than so many requests wait for one thing, such as a fetch: what does not answer holds no more of a node than that.</summary>
internal sealed class BoundedWait(int limit)
{
    private int _waiting;

    /// <summary>Waits until it is done, however it ended; false at once where too many do.</summary>
    public async ValueTask<bool> TryAsync(Task running, CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > limit)
                return false;
            await running.WaitAsync(cancellationToken);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
