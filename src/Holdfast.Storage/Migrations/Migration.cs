using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Storage;

/// <summary>One step of the schema, as it is embedded: <c>0001_state.sql</c>.</summary>
/// <param name="Number">Its place, counted from 1 without gaps.</param>
/// <param name="Name">What it does.</param>
/// <param name="Sql">Its statements, for both engines.</param>
/// <param name="CompatibleFrom">The oldest schema number whose program may still run on what it makes.</param>
internal sealed record Migration(long Number, string Name, string Sql, long CompatibleFrom)
{
    private const string CompatibleFromLine = "-- compatible_from:";

    /// <summary>Those of this program, in order.</summary>
    public static IReadOnlyList<Migration> All { get; } = ReadAll();

    /// <summary>What it is recognized by: a file that was changed after it ran is noticed.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    /// <summary>Reads one from the name and text of its file.</summary>
    public static Migration Parse(string fileName, string sql)
    {
        string[] parts = Path.GetFileNameWithoutExtension(fileName).Split('_', 2);
        string first = sql.Split('\n', 2)[0].Trim();
        if (parts.Length != 2 || !first.StartsWith(CompatibleFromLine, StringComparison.Ordinal))
            throw new InvalidOperationException($"{fileName} is not NUMBER_NAME.sql, or does not begin with '{CompatibleFromLine} NUMBER'.");
        return new(long.Parse(parts[0], CultureInfo.InvariantCulture), parts[1], sql, long.Parse(first[CompatibleFromLine.Length..], CultureInfo.InvariantCulture));
    }

    private static List<Migration> ReadAll()
    {
        Assembly assembly = typeof(Migration).Assembly;
        List<Migration> all = [];
        foreach (string name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            all.Add(Parse(name, reader.ReadToEnd()));
        }
        return all;
    }
}
