using System.Text;
using System.Text.Json;

namespace Holdfast.Chaos;

/// <summary>The figures of a run.</summary>
internal sealed record ChaosReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public required SceneKind Kind { get; init; }
    public required DateTimeOffset Started { get; init; }
    public required double Seconds { get; init; }
    /// <summary>Acceptances of a proof beyond its first, anywhere, by the logs of those that accepted. The figure that must be 0.</summary>
    public required int ReplaysAccepted { get; init; }
    /// <summary>Lines in the logs: what was accepted.</summary>
    public required int Acceptances { get; init; }
    /// <summary>Requests that were answered 200, which must not be more.</summary>
    public required long AnsweredAccepted { get; init; }
    /// <summary>Proofs whose first and only use was the attacker's: he was faster, or the original was lost on its way.</summary>
    public required int WonByAttacker { get; init; }
    public required int HonestSent { get; init; }
    public required int HonestAccepted { get; init; }
    /// <summary>Asked for a nonce first; not failures.</summary>
    public required int HonestChallenged { get; init; }
    public required int HonestLost { get; init; }
    public required int HonestUnavailable { get; init; }
    /// <summary>Refused, and not because the attacker raced and won.</summary>
    public required int HonestRefused { get; init; }
    /// <summary>These by the error that the last challenge named.</summary>
    public required IReadOnlyDictionary<string, int> HonestRefusedAs { get; init; }
    public required int HonestOutrun { get; init; }
    public required AttackCount Attack { get; init; }
    public required IReadOnlyList<FaultRow> Faults { get; init; }
    /// <summary>What was done beside them, or null. What it cost is in the row of the fault at the same time.</summary>
    public string? Beside { get; init; }
    /// <summary>Honest requests that failed in the last second, when the last fault was over.</summary>
    public required int HonestFailedAtEnd { get; init; }
    /// <summary>Each proof that was accepted more than once, with all its acceptances.</summary>
    public required IReadOnlyList<IReadOnlyList<Acceptance>> Twice { get; init; }

    /// <summary>The longest time that a fault was felt.</summary>
    public double LongestUntilNormalSeconds => Faults.Count == 0 ? 0 : Faults.Max(fault => fault.UntilNormalSeconds);

    public static ChaosReport Of(SceneKind kind, DateTimeOffset started, DateTimeOffset ended, IReadOnlyList<HonestOutcome> honest, AttackCount attack,
        IReadOnlyList<StruckFault> faults, IReadOnlyList<Acceptance> acceptances)
    {
        List<IGrouping<string, Acceptance>> proofs = [.. acceptances.GroupBy(line => line.JtiHash, StringComparer.Ordinal)];
        return new()
        {
            Kind = kind,
            Started = started,
            Seconds = Math.Round((ended - started).TotalSeconds, 1),
            ReplaysAccepted = acceptances.Count - proofs.Count,
            Acceptances = acceptances.Count,
            AnsweredAccepted = attack.Accepted + honest.Count(call => call.Result == HonestResult.Accepted),
            WonByAttacker = proofs.Count(proof => proof.First().Who != "honest"),
            HonestSent = honest.Count,
            HonestAccepted = honest.Count(call => call.Result == HonestResult.Accepted),
            HonestChallenged = honest.Count(call => call.Challenged),
            HonestLost = honest.Count(call => call.Result == HonestResult.Lost),
            HonestUnavailable = honest.Count(call => call.Result == HonestResult.Unavailable),
            HonestRefused = honest.Count(call => call.Result == HonestResult.Refused && !call.Raced),
            HonestRefusedAs = honest.Where(call => call.Result == HonestResult.Refused && !call.Raced).CountBy(call => call.Error ?? "").ToDictionary(),
            HonestOutrun = honest.Count(call => call.Result == HonestResult.Refused && call.Raced),
            Attack = attack,
            Faults = [.. faults.Select((fault, i) => Row(fault, started, i + 1 < faults.Count ? faults[i + 1].Start : DateTimeOffset.MaxValue, honest))],
            HonestFailedAtEnd = honest.Count(call => HasFailed(call) && call.Start > ended - TimeSpan.FromSeconds(1)),
            Twice = [.. proofs.Where(proof => proof.Count() > 1).Select(proof => (IReadOnlyList<Acceptance>)[.. proof])],
        };
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    public string ToTable()
    {
        var table = new StringBuilder();
        void Row(string name, object figure) => table.AppendLine(FormattableString.Invariant($"{name,-64} {figure,10}"));
        Row("seconds", Seconds);
        Row("proofs sent by honest clients", Attack.ProofsSeen);
        Row("replays tried", Attack.Replays);
        Row("  and sent at the same moment as the original", Attack.Races);
        Row("  refused (400, 401, 403), told to come again (5xx), unanswered", FormattableString.Invariant($"{Attack.Refused} / {Attack.Unavailable} / {Attack.Unanswered}"));
        Row("proofs whose first use was the attacker's", WonByAttacker);
        Row("REPLAYS ACCEPTED", ReplaysAccepted);
        Row("honest requests", HonestSent);
        Row("  accepted", HonestAccepted);
        Row("  asked for a nonce first", HonestChallenged);
        Row("  refused", HonestRefused);
        foreach ((string error, int count) in HonestRefusedAs)
            Row($"    as {error}", count);
        Row("  outrun by the attacker", HonestOutrun);
        Row("  told to come again (503)", HonestUnavailable);
        Row("  lost (no answer)", HonestLost);
        Row("longest time until normal, s", LongestUntilNormalSeconds);
        table.AppendLine();
        table.AppendLine(FormattableString.Invariant($"{"fault",-56} {"at s",7} {"took s",7} {"failed",7} {"normal after s",15}"));
        foreach (FaultRow fault in Faults)
            table.AppendLine(FormattableString.Invariant($"{fault.Name,-56} {fault.AtSeconds,7:0.0} {fault.LastedSeconds,7:0.0} {fault.HonestFailed,7} {fault.UntilNormalSeconds,15:0.0}"));
        if (Beside is not null)
            table.AppendLine(FormattableString.Invariant($"beside these: {Beside}"));
        foreach (IReadOnlyList<Acceptance> proof in Twice.Take(20))
            table.AppendLine("accepted more than once: " + string.Join(", ", proof.Select(line => FormattableString.Invariant($"{(line.At - Started).TotalSeconds:0.000} s {line.By} ({line.Who})"))));
        return table.ToString();
    }

    private static FaultRow Row(StruckFault fault, DateTimeOffset started, DateTimeOffset next, IReadOnlyList<HonestOutcome> honest)
    {
        HonestOutcome[] failed = [.. honest.Where(call => HasFailed(call) && call.Start >= fault.Start && call.Start < next)];
        return new(fault.Name, Round(fault.Start - started), Round(fault.End - fault.Start), failed.Length, failed.Length == 0 ? 0 : Round(failed.Max(call => call.End) - fault.Start));
    }

    private static bool HasFailed(HonestOutcome call) => call.Result != HonestResult.Accepted && !(call.Result == HonestResult.Refused && call.Raced);

    private static double Round(TimeSpan time) => Math.Round(time.TotalSeconds, 2);
}
