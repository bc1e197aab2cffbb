using Holdfast.Guard;

namespace Holdfast.Bench;

/// <summary>The guard as its command runs it, without a console.</summary>
internal static class BenchGuard
{
    public static async Task<int> RunAsync(string file)
    {
        GuardConfig config = GuardConfig.TryRead(await File.ReadAllTextAsync(file), Path.GetDirectoryName(file)!, Environment.GetEnvironmentVariable,
            out IReadOnlyList<GuardConfigProblem> problems) ?? throw new InvalidOperationException(string.Join('\n', problems));
        await using GuardServer server = await GuardServer.StartAsync(config);
        await Task.Delay(Timeout.InfiniteTimeSpan);
        return 0;
    }
}
