using System.Text.Json;

namespace Holdfast.Cli.Tests;

public sealed class ProcessTests
{
    [Fact]
    public async Task Stops_cleanly_on_SIGTERM()
    {
        using var folder = new TemporaryFolder();
        string program = Path.Combine(AppContext.BaseDirectory, "holdfast.dll");
        await using RunningProcess up = await RunningProcess.StartAsync("dotnet",
            [program, "up", "--json", "--issuer-port", "0", "--api-port", "0"], line => line.StartsWith("{\"issuer\"", StringComparison.Ordinal), folder.Path);
        File.Exists(folder.At(".holdfast/up.json")).ShouldBeTrue();
        JsonDocument.Parse(up.Output).RootElement.GetProperty("pid").GetInt32().ShouldBe(up.Id);

        (await up.SignalAsync("TERM")).ShouldBe(0, up.Output);

        File.Exists(folder.At(".holdfast/up.json")).ShouldBeFalse();
    }
}
