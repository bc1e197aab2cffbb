using Holdfast.Chaos;
using Xunit.Abstractions;

namespace Holdfast.Integration.Tests;

/// <summary>
/// Many nodes, an attacker who sends every proof again to each of them, and a system of which one part after the other dies. The long form, and what is done:
/// docs/chaos.md.
/// </summary>
[Collection(nameof(ChaosTests))]
public sealed class ChaosTests(ITestOutputHelper output)
{
    // DPOP-V-27, DPOP-V-29, DPOP-V-32
    [ChaosFact]
    public async Task Nothing_is_accepted_twice_while_nodes_and_the_database_die()
    {
        ChaosReport report = await RunAsync(ChaosPlan.Short(SceneKind.Shared));

        report.Twice.ShouldBeEmpty();
        report.ReplaysAccepted.ShouldBe(0);
        // And there was something to accept: the attack reached the nodes, and the honest were served before, between and after the faults.
        report.Attack.Refused.ShouldBeGreaterThan(5_000);
        report.HonestAccepted.ShouldBeGreaterThan(report.HonestSent / 3);
        report.Faults.Count.ShouldBe(7);
        report.HonestFailedAtEnd.ShouldBe(0);
    }

    [ChaosFact]
    public async Task The_attack_finds_replays_where_nodes_share_nothing()
    {
        ChaosReport report = await RunAsync(ChaosPlan.Calmest(SceneKind.Nothing));

        report.ReplaysAccepted.ShouldBeGreaterThan(0);
        report.Twice.ShouldNotBeEmpty();
    }

    // DPOP-AS-23
    [ChaosFact]
    public async Task Nothing_is_accepted_twice_where_nonces_are_bound_to_the_node()
    {
        ChaosReport report = await RunAsync(ChaosPlan.Calmest(SceneKind.NodeBound));

        report.Twice.ShouldBeEmpty();
        report.HonestAccepted.ShouldBeGreaterThan(report.HonestSent / 3);
    }

    /// <summary>Alone: what others do at the same time would be a fault that is not in the script.</summary>
    [CollectionDefinition(nameof(ChaosTests), DisableParallelization = true)]
    public sealed class Alone;

    // What callers were answered is the check of the logs: whoever got a 200 is in one.
    private async Task<ChaosReport> RunAsync(ChaosPlan plan)
    {
        ChaosReport report = await new ChaosRun(plan, output.WriteLine).RunAsync();
        output.WriteLine(report.ToTable());
        report.Acceptances.ShouldBeGreaterThanOrEqualTo((int)report.AnsweredAccepted);
        return report;
    }
}
