namespace Holdfast.Chaos;

/// <summary>How much is done, and for how long.</summary>
internal sealed record ChaosPlan
{
    public required SceneKind Kind { get; init; }
    /// <summary>The faults. Those that the time does not suffice for are left out; where time is left, they begin anew.</summary>
    public required IReadOnlyList<Fault> Faults { get; init; }
    /// <summary>A fault beside all others, or null.</summary>
    public Fault? Beside { get; init; }
    /// <summary>How long it goes on; null: until every fault was struck once.</summary>
    public TimeSpan? Length { get; init; }
    /// <summary>Between the end of a fault and the next.</summary>
    public required TimeSpan Calm { get; init; }
    /// <summary>How long the attacker goes on when the honest have ended.</summary>
    public required TimeSpan Tail { get; init; }
    public int HonestPerSecond { get; init; } = 25;
    /// <summary>How many of the newest proofs, and how many older ones, go to everybody around a fault.</summary>
    public int Volley { get; init; } = 60;
    public required IReadOnlyList<TimeSpan> Delays { get; init; }

    /// <summary>No fault at all, for a few seconds.</summary>
    public static ChaosPlan Calmest(SceneKind kind) => new()
    {
        Kind = kind, Faults = [], Calm = TimeSpan.Zero, Tail = TimeSpan.FromSeconds(1), Delays = Seconds(0.3),
    };

    /// <summary>Each kind of fault once, in about a minute.</summary>
    public static ChaosPlan Short(SceneKind kind) => new()
    {
        Kind = kind, Faults = FaultScript.Short(kind), Calm = TimeSpan.FromSeconds(2.5), Tail = TimeSpan.FromSeconds(2), Delays = Seconds(0.3, 2, 10),
    };

    /// <summary>So long as it is told, with delays past the life of a proof's record.</summary>
    public static ChaosPlan Long(SceneKind kind, TimeSpan length) => new()
    {
        Kind = kind, Faults = FaultScript.Long(kind), Beside = FaultScript.LongPause, Length = length, Calm = TimeSpan.FromSeconds(8), Tail = TimeSpan.FromSeconds(20),
        Volley = 100, Delays = Seconds(1, 5, 30, 58, 62, 119, 125, 180),
    };

    private static TimeSpan[] Seconds(params double[] delays) => [.. delays.Select(TimeSpan.FromSeconds)];
}
