using System.Globalization;

namespace Holdfast.Testing;

/// <summary>Signals to processes that a test has started, by their ids.</summary>
public static class ProcessSignal
{
    /// <summary>Sends a signal by name, such as <c>STOP</c>, without waiting for its effect.</summary>
    public static async Task SendAsync(string signal, params IEnumerable<int> ids)
    {
        string[] all = [.. ids.Select(id => id.ToString(CultureInfo.InvariantCulture))];
        if (all.Length == 0)
            return;
        // One that has ended meanwhile is no failure.
        (int code, _, string error) = await ProcessRun.ToEndAsync("sh", ["-c", "s=$1; shift; for id; do kill \"-$s\" \"$id\" || [ ! -d \"/proc/$id\" ] || exit 1; done", "sh", signal, .. all]);
        code.ShouldBe(0, error);
    }

    /// <summary>The processes that this one has started and that have not ended.</summary>
    public static IReadOnlyList<int> ChildrenOf(int id)
    {
        List<int> children = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int child) && ParentOf(folder) == id)
                children.Add(child);
        }
        return children;
    }

    // Fields 3 and 4 of /proc/N/stat, behind a name in parentheses that may hold anything, are state and parent.
    private static int ParentOf(string folder)
    {
        try
        {
            string stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
