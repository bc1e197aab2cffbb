using System.Diagnostics;
using Holdfast.Issuer;

namespace Holdfast.Storage.Tests;

/// <summary><c>kill -9</c> in the middle of writes: what was acknowledged is there, and nothing works twice.</summary>
public sealed class KilledProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // AT-94, AT-38
    [Fact]
    public async Task Loses_nothing_acknowledged_where_the_process_is_killed()
    {
        List<string[]> acknowledged = [];
        for (int round = 0; round < 3; round++)
            acknowledged.AddRange(await WriteUntilKilledAsync($"run{round}", 200 + (37 * round)));
        acknowledged.ShouldAllBe(line => line[0] == "Done");
        await using TestStore store = await TestStore.StartAsync(options => options.DataDirectory = _folder.Path);
        Spending none = await store.DecidedAsync();
        foreach (string[] line in acknowledged)
        {
            (await store.Issuer.SpendAsync(none with { Assertion = StoreContract.AssertionOf(line[1]) }, default)).ShouldBe(StoreAnswer.AssertionReplayed, line[1]);
            if (line[2] == "code")
                (await store.Issuer.RedeemCodeAsync(SecretHash.Of(line[1]), null, none, default)).ShouldBe(StoreAnswer.Done, line[1]);
        }
        // A killed process sets nothing back.
        store.Log.CountOf(7).ShouldBe(0);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<List<string[]>> WriteUntilKilledAsync(string run, int lines)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(KilledProcessTests).Assembly.Location, _folder.Path, run]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        List<string[]> acknowledged = [];
        try
        {
            while (acknowledged.Count < lines)
                acknowledged.Add((await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("It ended by itself.")).Split(' '));
        }
        finally
        {
            process.Kill();
        }
        // What it said before it died and nobody has read yet counts too; half a line does not.
        string rest = await process.StandardOutput.ReadToEndAsync();
        acknowledged.AddRange(rest[..(rest.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')));
        await process.WaitForExitAsync();
        return acknowledged;
    }
}
