namespace Holdfast.Integration.Tests;

/// <summary>Which of the foreign programs are here.</summary>
internal static class ProxyPrograms
{
    private static readonly string[] Folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), "/usr/sbin", "/usr/local/sbin"];

    /// <summary>The path of a program, or null.</summary>
    public static string? Find(string program) => Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>What of this proxy is missing, or null.</summary>
    public static string? Missing(Proxy proxy) =>
        Find(proxy.Program) is null ? $"{proxy.Program} is missing: run ./test.sh once as root, or install it."
        : proxy.Needs.FirstOrDefault(path => !IsHere(path)) is { } file ? $"{file} is missing: run ./test.sh once as root, or install it."
        : NodeScript.Missing ?? (Find("curl") is null ? "curl is missing." : null);

    /// <summary>The proxies that can be run.</summary>
    public static IReadOnlyList<Proxy> Installed { get; } = [.. Proxy.All.Where(proxy => Missing(proxy) is null)];

    private static bool IsHere(string path)
    {
        if (path.Split('*') is not [var before, var after])
            return File.Exists(path);
        return Directory.Exists(before) && Directory.EnumerateDirectories(before).Any(folder => File.Exists(folder + after));
    }
}
