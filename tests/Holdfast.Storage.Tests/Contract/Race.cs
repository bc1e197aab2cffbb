namespace Holdfast.Storage.Tests;

/// <summary>Many calls at once.</summary>
internal static class Race
{
    public const int Runners = 64;

    /// <summary>Lets them all go at the same moment, in turn through each of the stores.</summary>
    public static async Task<IReadOnlyList<T>> RunAsync<T>(IReadOnlyList<TestStore> stores, Func<TestStore, int, ValueTask<T>> run)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<T>[] runs = [.. Enumerable.Range(0, Runners).Select(async i =>
        {
            await start.Task;
            await Task.Yield();
            return await run(stores[i % stores.Count], i);
        })];
        start.SetResult();
        return await Task.WhenAll(runs);
    }
}
