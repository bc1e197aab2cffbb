namespace Holdfast.Chaos;

/// <summary>The command line of the long form.</summary>
public static class ChaosCommand
{
    private const string Help = """
        Three API nodes and a guard behind nginx on one PostgreSQL, honest clients, an attacker who replays every proof to everybody, and faults.
        Prints what came of it. The exit code is 1 where a proof was accepted twice.

          dotnet run -c Release --project bench -- chaos [--minutes N] [--json FILE] [--kind KIND] [--short]

          --minutes N   how long, 1 to 1440, default 10
          --json FILE   also write the figures as JSON
          --kind KIND   Shared (default); SharedOrAlone: who cannot ask the database demands nonces of its own; NodeBound: each node its own store and
                        nonces; Nothing: each node its own store and no nonces, to see that replays are found where they are possible
          --short       each kind of fault once, as the integration tests do
        """;

    /// <summary>Runs it; returns the exit code.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        int minutes = 10;
        SceneKind kind = SceneKind.Shared;
        string? json = null;
        bool isShort = false;
        for (int i = 0; i < arguments.Count; i++)
        {
            string? value = i + 1 < arguments.Count ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--help" or "-h":
                    Console.WriteLine(Help);
                    return 0;
                case "--short":
                    isShort = true;
                    continue;
                case "--minutes" when int.TryParse(value, out minutes) && minutes is >= 1 and <= 1440:
                case "--kind" when Enum.TryParse(value, ignoreCase: true, out kind) && Enum.IsDefined(kind):
                    break;
                case "--json" when value is not null:
                    json = value;
                    break;
                default:
                    Console.Error.WriteLine($"chaos: '{arguments[i]}' is not understood; see --help");
                    return 2;
            }
            i++;
        }
        ChaosPlan plan = isShort ? ChaosPlan.Short(kind) : ChaosPlan.Long(kind, TimeSpan.FromMinutes(minutes));
        long start = TimeProvider.System.GetTimestamp();
        ChaosReport report = await new ChaosRun(plan, what => Console.WriteLine(FormattableString.Invariant($"{TimeProvider.System.GetElapsedTime(start).TotalSeconds,7:0.0} s  {what}"))).RunAsync();
        Console.WriteLine();
        Console.Write(report.ToTable());
        if (json is not null)
            await File.WriteAllTextAsync(json, report.ToJson());
        return report.ReplaysAccepted == 0 ? 0 : 1;
    }
}
