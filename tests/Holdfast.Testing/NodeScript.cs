using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Holdfast.Testing;

/// <summary>Runs a script of <c>tests/npm</c>. A script prints one JSON document on standard output and exits with 0, also where a server refused it.</summary>
public static class NodeScript
{
    private static readonly Lazy<string?> Reason = new(FindReason);

    /// <summary>What is missing, or null where scripts can run.</summary>
    public static string? Missing => Reason.Value;

    /// <summary>Runs <c>tests/npm/{script}.mjs</c> and returns what it printed.</summary>
    public static async Task<JsonElement> RunAsync(string script, params string[] arguments)
    {
        (int code, string output, string error) = await ProcessRun.ToEndAsync("node", [$"{script}.mjs", .. arguments], RepositoryFiles.At("tests/npm"));
        code.ShouldBe(0, $"{script}.mjs failed:\n{error}\n{output}");
        return JsonDocument.Parse(output).RootElement;
    }

    private static string? FindReason()
    {
        if (!Directory.Exists(RepositoryFiles.At("tests/npm/node_modules")))
            return "The packages of tests/npm are missing: run ./test.sh once, or npm ci in tests/npm.";
        try
        {
            using Process node = Process.Start(new ProcessStartInfo("node", ["-p", "process.versions.node"]) { RedirectStandardOutput = true })!;
            string version = node.StandardOutput.ReadToEnd().Trim();
            node.WaitForExit();
            return Version.TryParse(version, out Version? parsed) && parsed.Major >= 18 ? null : $"Node.js 18 or later is missing; {version} is installed.";
        }
        catch (Win32Exception)
        {
            return "Node.js 18 or later is missing.";
        }
    }
}
