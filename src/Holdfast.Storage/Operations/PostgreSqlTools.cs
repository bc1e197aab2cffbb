using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Holdfast.Storage;

/// <summary>PostgreSQL's own programs. What they connect with is in their environment, because arguments can be read by every user of the machine.</summary>
internal sealed class PostgreSqlTools(string connectionString)
{
    private const string DebianFolder = "/usr/lib/postgresql";

    /// <summary>Runs one; what it says on its error output is in the exception where it fails.</summary>
    public async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Find(program)) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        foreach ((string name, string? value) in Environment())
            start.Environment[name] = value;
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken), error = process.StandardError.ReadToEndAsync(cancellationToken);
            try
            {
                await process.WaitForExitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
            return process.ExitCode == 0 ? await output : throw new StorageStartupException($"{program} failed: {(await error).Trim()}");
        }
        catch (Win32Exception fault)
        {
            throw new StorageStartupException($"{program} cannot be run ({fault.Message}); install PostgreSQL's client programs (Debian: postgresql-client), of the server's version or later.", fault);
        }
    }

    private Dictionary<string, string?> Environment()
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        string hosts = settings.Host ?? "";
        Dictionary<string, string?> environment = new(StringComparer.Ordinal)
        {
            // Npgsql writes host:port; libpq wants two lists.
            ["PGHOST"] = string.Join(',', hosts.Split(',').Select(static host => host.Split(':')[0])),
            ["PGPORT"] = string.Join(',', hosts.Split(',').Select(host => host.Split(':') is [_, { } port] ? port : settings.Port.ToString(CultureInfo.InvariantCulture))),
            ["PGDATABASE"] = settings.Database ?? settings.Username,
            ["PGUSER"] = settings.Username,
            ["PGPASSWORD"] = settings.Password,
            ["PGPASSFILE"] = settings.Passfile,
            ["PGSSLMODE"] = settings.SslMode switch
            {
                SslMode.Disable => "disable",
                SslMode.Allow => "allow",
                SslMode.Prefer => "prefer",
                SslMode.Require => "require",
                SslMode.VerifyCA => "verify-ca",
                SslMode.VerifyFull => "verify-full",
            },
            ["PGSSLROOTCERT"] = settings.RootCertificate,
            ["PGSSLCERT"] = settings.SslCertificate,
            ["PGSSLKEY"] = settings.SslKey,
            ["PGTARGETSESSIONATTRS"] = hosts.Contains(',', StringComparison.Ordinal) ? "read-write" : null,
            ["PGAPPNAME"] = "holdfast",
        };
        // What the connection does not say is left as the caller's environment has it.
        return environment.Where(static pair => pair.Value is not null).ToDictionary(StringComparer.Ordinal);
    }

    private static string Find(string program)
    {
        IEnumerable<string> debian = Directory.Exists(DebianFolder)
            ? Directory.EnumerateDirectories(DebianFolder)
                .OrderByDescending(static folder => double.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out double version) ? version : 0)
                .Select(static folder => Path.Combine(folder, "bin"))
            : [];
        return debian.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) ?? program;
    }
}
