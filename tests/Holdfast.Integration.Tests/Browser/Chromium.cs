namespace Holdfast.Integration.Tests.Browser;

/// <summary>What tests with a real browser need besides Node.js.</summary>
internal static class Chromium
{
    /// <summary>What is missing, or null where such tests can run.</summary>
    public static string? Missing => NodeScript.Missing
        ?? (IsThere("chromium") || IsThere("chromium-browser") ? null : "chromium is missing.")
        ?? (Directory.Exists(RepositoryFiles.At("samples/browser-app/node_modules")) ? null : "The packages of samples/browser-app are missing: run ./test.sh once, or npm ci in samples/browser-app.");

    private static bool IsThere(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}

/// <summary>A test with a real browser. Skipped, with the reason, where something of it is missing; CI counts that as a failure.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumFactAttribute : FactAttribute
{
    /// <summary>A test that runs Chromium.</summary>
    public ChromiumFactAttribute() => Skip = Chromium.Missing;
}
