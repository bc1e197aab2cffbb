using System.Globalization;

namespace Holdfast.Testing;

/// <summary>Where the programs of PostgreSQL are, and how they are run: they refuse to run as root.</summary>
public static class PostgresPrograms
{
    private const string DebianFolder = "/usr/lib/postgresql";

    private static readonly Lazy<string?> Folder = new(FindFolder);

    /// <summary>What is missing, or null where a server can be started.</summary>
    public static string? Missing => Folder.Value is null ? "PostgreSQL is missing: initdb and postgres are neither in /usr/lib/postgresql/*/bin nor in PATH." : null;

    /// <summary>A program and the arguments before its own: as user postgres where we are root, as ourselves otherwise.</summary>
    internal static (string File, string[] Arguments) Command(string program)
    {
        string path = Path.Combine(Folder.Value ?? throw new InvalidOperationException(Missing), program);
        return Environment.IsPrivilegedProcess
            ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path])
            : (path, []);
    }

    /// <summary>Runs one to its end and returns what it printed.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        (string file, string[] before) = Command(program);
        // The temporary directory, since user postgres may not even enter ours.
        (int code, string output, string error) = await ProcessRun.ToEndAsync(file, [.. before, .. arguments], Path.GetTempPath());
        return code == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed with {code}:\n{output}\n{error}");
    }

    private static string? FindFolder()
    {
        IEnumerable<string> debian = Directory.Exists(DebianFolder)
            ? Directory.EnumerateDirectories(DebianFolder)
                .OrderByDescending(folder => double.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out double version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
        string[] paths = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return debian.Concat(paths).FirstOrDefault(folder =>
            File.Exists(Path.Combine(folder, "postgres")) && File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_basebackup")));
    }
}
