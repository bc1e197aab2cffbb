namespace Holdfast.Testing;

/// <summary>Waits for what comes about by itself, in another process or on another thread. The limit is generous: it only bounds a hang.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Asks until it is so; past the limit it is a <see cref="TimeoutException"/> that says <paramref name="otherwise"/>.</summary>
    public static async Task IsSoAsync(Func<Task<bool>> isSo, Func<string> otherwise)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!await isSo())
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException(otherwise());
            await Task.Delay(Pause);
        }
    }

    /// <inheritdoc cref="IsSoAsync(Func{Task{bool}}, Func{string})"/>
    public static Task IsSoAsync(Func<bool> isSo, Func<string> otherwise) => IsSoAsync(() => Task.FromResult(isSo()), otherwise);
}
