namespace Holdfast.Bench;

/// <summary>Requests a second, and a second of the server's own CPU time: the latter is steadier where other work shares the machine.</summary>
internal sealed record ServerLoad(double PerSecond, double PerCpuSecond)
{
    private const int Connections = 32;

    /// <summary>One round of <c>wrk</c>, with the CPU time that the server took for it.</summary>
    public static ServerLoad Run(Func<TimeSpan> cpuTime, string url, string script, int seconds, bool areRefused = false)
    {
        TimeSpan before = cpuTime();
        Load load = LoadGenerator.Run(url, script, seconds, Connections, areRefused);
        return new(load.PerSecond, load.Requests / (cpuTime() - before).TotalSeconds);
    }

    public override string ToString() => $"{PerSecond,6:0} requests/s ({PerCpuSecond,6:0} a CPU second)";
}
