using System.Text.Json;

namespace Holdfast.Cli.Tests;

public sealed class ProcessTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "holdfast.dll");

    [Fact]
    public async Task Stops_cleanly_on_SIGTERM()
    {
        using var folder = new TemporaryFolder();
        await using RunningProcess up = await RunningProcess.StartAsync("dotnet",
            [Program, "up", "--json", "--issuer-port", "0", "--api-port", "0"], line => line.StartsWith("{\"issuer\"", StringComparison.Ordinal), folder.Path);
        File.Exists(folder.At(".holdfast/up.json")).ShouldBeTrue();
        JsonDocument.Parse(up.Output).RootElement.GetProperty("pid").GetInt32().ShouldBe(up.Id);

        (await up.SignalAsync("TERM")).ShouldBe(0, up.Output);

        File.Exists(folder.At(".holdfast/up.json")).ShouldBeFalse();
    }

    [Fact]
    public async Task Asks_no_proxy_about_this_machine()
    {
        using var folder = new TemporaryFolder();
        var proxy = new Dictionary<string, string?> { ["http_proxy"] = "http://127.0.0.1:9", ["no_proxy"] = "" };
        await using RunningProcess up = await RunningProcess.StartAsync("dotnet",
            [Program, "up", "--json", "--issuer-port", "0", "--api-port", "0"], line => line.StartsWith("{\"issuer\"", StringComparison.Ordinal), folder.Path, proxy);
        await using RunningProcess call = await RunningProcess.StartAsync("dotnet",
            [Program, "call", "GET", "/orders"], line => line.StartsWith("{\"orders\"", StringComparison.Ordinal), folder.Path, proxy);

        call.Output.ShouldContain("hemp rope");
        (await up.SignalAsync("TERM")).ShouldBe(0, up.Output);
    }
}
