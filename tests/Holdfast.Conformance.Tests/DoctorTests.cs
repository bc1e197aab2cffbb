using System.Text.Json.Nodes;

namespace Holdfast.Conformance.Tests;

public sealed class DoctorTests
{
    private static DoctorTarget At(WeakWorld world, string? url = null) => new()
    {
        Url = url ?? world.Target.Resource + "/orders",
        Issuer = world.Target.Issuer,
        ClientId = world.Target.ClientId,
        ClientKeyPem = world.Target.ClientKeyPem,
        Resource = world.Target.Audience,
        Scope = world.Target.Scope,
    };

    private static Task<DoctorReport> ExamineAsync(WeakWorld world, DoctorTarget target) =>
        Doctor.ExamineAsync(target, new DoctorOptions { TimeProvider = world.Options.TimeProvider });

    private static string[] ProblemsOf(DoctorReport report) =>
        [.. report.Findings.Where(finding => finding.Result == DoctorResult.Problem).Select(finding => finding.Check)];

    [Theory]
    [InlineData(Weakness.None)]
    [InlineData(Weakness.AlwaysNonce)]
    public async Task Finds_nothing_where_nothing_is_wrong(Weakness weakness)
    {
        await using var world = await WeakWorld.StartAsync(weakness);
        List<DoctorFinding> reported = [];

        var report = await Doctor.ExamineAsync(At(world), new DoctorOptions { TimeProvider = world.Options.TimeProvider }, new Collector<DoctorFinding>(reported));

        ProblemsOf(report).ShouldBeEmpty();
        report.IsHealthy.ShouldBeTrue();
        reported.ShouldBe(report.Findings);
        report.Findings.Where(finding => finding.Result == DoctorResult.Skipped).Select(finding => finding.Check)
            .ShouldBe(["certificate_arrives", "certificate_compared", "forged_certificate", "browser"]);
    }

    [Theory]
    [InlineData(Weakness.AcceptsBearer, "bearer_downgrade")]
    [InlineData(Weakness.TakesFirstProof, "two_proofs")]
    [InlineData(Weakness.NoReplayCheck, "replay")]
    [InlineData(Weakness.NoTargetCheck, "forged_url")]
    [InlineData(Weakness.RefusesEverybody, "proof_arrives", "public_url")]
    public async Task Finds_what_the_api_leaves_out(Weakness weakness, params string[] expected)
    {
        await using var world = await WeakWorld.StartAsync(weakness);
        var report = await ExamineAsync(world, At(world));
        ProblemsOf(report).ShouldBe(expected);
        report.Findings.Where(finding => finding.Result == DoctorResult.Problem).ShouldAllBe(finding => finding.Fix != null);
    }

    [Theory]
    [InlineData(ProxyFault.DropsProof, "proof_arrives", "public_url")]
    [InlineData(ProxyFault.DoublesProof, "proof_arrives", "public_url")]
    public async Task Finds_what_a_proxy_does_to_the_proof(ProxyFault fault, params string[] expected)
    {
        await using var world = await WeakWorld.StartAsync();
        await using var proxy = await DoctorProxy.StartAsync(world.Target.Resource, fault);
        ProblemsOf(await ExamineAsync(world, At(world, proxy.Origin + "/orders"))).ShouldBe(expected);
    }

    [Fact]
    public async Task Finds_the_url_that_the_api_sees_behind_a_stripped_prefix_and_goes_on_with_it()
    {
        await using var world = await WeakWorld.StartAsync();
        await using var proxy = await DoctorProxy.StartAsync(world.Target.Resource, ProxyFault.StripsPrefix | ProxyFault.SaysNginx);

        var report = await ExamineAsync(world, At(world, proxy.Origin + DoctorProxy.Prefix + "/orders"));

        ProblemsOf(report).ShouldBe(["public_url"]);
        report.Proxy.ShouldBe(ProxyKind.Nginx);
        var finding = report.Findings.Single(one => one.Check == "public_url");
        finding.Seen.ShouldNotBeNull().ShouldContain($"{proxy.Origin}/orders");
        finding.Fix.ShouldNotBeNull().ShouldContain($"PublicOrigins = [\"{proxy.Origin}{DoctorProxy.Prefix}\"]");
        finding.Fix!.ShouldContain("proxy_set_header");
    }

    [Fact]
    public async Task Warns_where_the_challenge_does_not_reach_the_client()
    {
        await using var world = await WeakWorld.StartAsync();
        await using var proxy = await DoctorProxy.StartAsync(world.Target.Resource, ProxyFault.HidesChallenges);
        var report = await ExamineAsync(world, At(world, proxy.Origin + "/orders"));
        report.Findings.Single(finding => finding.Check == "protected").Result.ShouldBe(DoctorResult.Warning);
    }

    [Fact]
    public async Task Finds_that_a_browser_may_not_read_nonces()
    {
        await using var world = await WeakWorld.StartAsync();
        var report = await ExamineAsync(world, At(world) with { BrowserOrigin = "https://app.example.com" });
        ProblemsOf(report).ShouldBe(["browser"]);
        report.Findings.Single(finding => finding.Check == "browser").Seen.ShouldContain("dpop-nonce is not exposed");
    }

    [Fact]
    public async Task Takes_the_word_of_whoever_knows_the_proxy()
    {
        await using var world = await WeakWorld.StartAsync(Weakness.NoTargetCheck);
        var report = await ExamineAsync(world, At(world) with { Proxy = ProxyKind.HAProxy });
        report.Proxy.ShouldBe(ProxyKind.HAProxy);
        report.Findings.Single(finding => finding.Check == "forged_url").Fix!.ShouldContain("http-request del-header");
    }

    [Fact]
    public async Task Says_why_nothing_can_be_examined()
    {
        await using var world = await WeakWorld.StartAsync(Weakness.IssuesBearerTokens);
        await Should.ThrowAsync<DrillFailedException>(() => ExamineAsync(world, At(world)));
        await Should.ThrowAsync<DrillFailedException>(() => ExamineAsync(world, At(world) with { ClientKeyPem = "/nowhere" }));
        await Should.ThrowAsync<DrillFailedException>(() => ExamineAsync(world, At(world) with { Issuer = "http://127.0.0.1:1" }));
    }

    [Fact]
    public async Task Writes_every_member_of_every_finding()
    {
        await using var world = await WeakWorld.StartAsync(Weakness.AcceptsBearer);
        var json = JsonNode.Parse(DoctorJson.Write(await ExamineAsync(world, At(world))))!.AsObject();
        json.Select(member => member.Key).ShouldBe(["url", "proxy", "has_diagnostics", "findings", "is_healthy"], ignoreOrder: true);
        json["is_healthy"]!.GetValue<bool>().ShouldBeFalse();
        foreach (var finding in json["findings"]!.AsArray())
            finding!.AsObject().Select(member => member.Key).ShouldBe(["check", "question", "result", "seen", "fix", "operator"]);
        json["findings"]!.AsArray().Select(finding => (string?)finding!["result"]).ShouldContain("problem");
        json.ToJsonString().ShouldNotContain("eyJ");
    }

    private sealed class Collector<T>(List<T> list) : IProgress<T>
    {
        public void Report(T value) => list.Add(value);
    }
}
