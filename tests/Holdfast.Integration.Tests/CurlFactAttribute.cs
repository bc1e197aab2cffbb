namespace Holdfast.Integration.Tests;

/// <summary>A test that runs curl. Skipped, with the reason, where there is none; CI counts that as a failure.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CurlFactAttribute : FactAttribute
{
    /// <summary>A test that needs curl.</summary>
    public CurlFactAttribute()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, "curl"))))
            Skip = "curl is missing.";
    }
}
