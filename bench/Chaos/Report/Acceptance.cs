using System.Globalization;

namespace Holdfast.Chaos;

/// <summary>A line of a log of what was accepted.</summary>
/// <param name="At">Real time.</param>
/// <param name="By">Who accepted.</param>
/// <param name="JtiHash">The hash of the proof's identifier.</param>
/// <param name="Who">Who sent it.</param>
internal sealed record Acceptance(DateTimeOffset At, string By, string JtiHash, string Who)
{
    /// <summary>All lines of all logs in a folder.</summary>
    public static IReadOnlyList<Acceptance> ReadAll(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.log").SelectMany(ReadLines).Select(Parse).OrderBy(line => line.At)];

    // Those that write them may still have them open.
    private static string[] ReadLines(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static Acceptance Parse(string line)
    {
        string[] fields = line.Split('\t');
        return new(DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(fields[0], CultureInfo.InvariantCulture)), fields[1], fields[2], fields[3]);
    }
}
