using System.Text.Json;

namespace Holdfast.Integration.Tests.Browser;

/// <summary>The sample app as it is built, in a real browser: its tokens live with its key, and nowhere else.</summary>
public sealed class BrowserAppTests : IDisposable
{
    private readonly TemporaryFolder _data = new(), _folder = new();

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }

    // DPOP-AS-34: pushed with a proof.
    [ChromiumFact]
    public Task A_person_signs_in_by_a_pushed_request_and_nobody_else_can_use_the_tokens() => RunAsync(isPushed: true, "on-demand");

    // DPOP-AS-31: in the address, by the thumbprint of the key. DPOP-AS-21, DPOP-AS-30: nonces reach a script of another origin.
    [ChromiumFact]
    public Task A_person_signs_in_by_the_address_alone_where_every_proof_needs_a_nonce() => RunAsync(isPushed: false, "always");

    [ChromiumFact]
    public async Task The_development_server_serves_the_app_under_the_policy_that_it_has_in_production()
    {
        int port = FreePort.Take(1)[0];
        await using RunningProcess server = await RunningProcess.StartAsync("npm", ["run", "dev", "--prefix", "samples/browser-app", "--", "--port", $"{port}"],
            static line => line.Contains("Local:", StringComparison.Ordinal), RepositoryFiles.Root);

        JsonElement seen = await NodeScript.RunAsync("dev-server", $"http://localhost:{port}/");

        seen.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()).ShouldBeEmpty();
        // The style sheet is there, which the policy would have kept out of the page.
        seen.GetProperty("font").GetString().ShouldBe("600");
    }

    private async Task RunAsync(bool isPushed, string nonce)
    {
        await using Up up = await Up.StartAsync(_data.Path, nonce);
        string dist = _folder.At("dist");
        (int code, string output, string error) = await ProcessRun.ToEndAsync("npm", ["run", "build", "--", "--outDir", dist], RepositoryFiles.At("samples/browser-app"),
            new Dictionary<string, string?> { ["VITE_ISSUER"] = up.Issuer, ["VITE_API"] = up.Resource, ["VITE_PUSHED"] = isPushed ? "true" : "false" });
        code.ShouldBe(0, $"{output}\n{error}");

        // Screenshots stay where somebody wants to look at them.
        string shots = Environment.GetEnvironmentVariable("HOLDFAST_SCREENSHOTS") ?? _folder.At("screenshots");
        JsonElement seen = await NodeScript.RunAsync("browser-app", up.JsonPath, dist, shots);

        seen.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()).ShouldBeEmpty();
        seen.GetProperty("pushed").GetBoolean().ShouldBe(isPushed);
        string key = seen.GetProperty("key").GetString()!;
        seen.GetProperty("dpopJkt").GetString().ShouldBe(isPushed ? null : key);
        // Neither the code nor the state is left in the address.
        seen.GetProperty("landed").GetBoolean().ShouldBeTrue();
        seen.GetProperty("who").GetString().ShouldNotBeNullOrWhiteSpace();
        seen.GetProperty("listed").GetInt32().ShouldBe(2);
        seen.GetProperty("overflows").GetBoolean().ShouldBeFalse();

        JsonElement reloaded = seen.GetProperty("afterReload");
        (reloaded.GetProperty("orders").GetInt32(), reloaded.GetProperty("sameKey").GetBoolean()).ShouldBe((3, true));

        // MCP-11: with the lock one tab refreshes for both; without it both do at once, and get one successor.
        TwoTabs(seen.GetProperty("locked"), refreshes: 1);
        TwoTabs(seen.GetProperty("unlocked"), refreshes: 2);

        TheKeyStays(seen.GetProperty("stolen"));
        seen.GetProperty("elsewhere").GetProperty("orders").GetInt32().ShouldBe(0);
        seen.GetProperty("own").EnumerateArray().Select(verdict => verdict.GetString()).ShouldBe(["refused", "refused", "refused"]);
        TheTokensAreWorthless(seen.GetProperty("theft"));
        seen.GetProperty("survived").GetBoolean().ShouldBeTrue();

        JsonElement dead = seen.GetProperty("deadAtTheIssuer");
        (dead.GetProperty("status").GetInt32(), dead.GetProperty("error").GetString()).ShouldBe((400, "invalid_grant"));
        JsonElement rest = seen.GetProperty("rest");
        (rest.GetProperty("tokens").ValueKind, rest.GetProperty("isExtractable").ValueKind).ShouldBe((JsonValueKind.Null, JsonValueKind.Null));
    }

    private static void TwoTabs(JsonElement tabs, int refreshes)
    {
        tabs.GetProperty("refreshes").GetInt32().ShouldBe(refreshes);
        tabs.GetProperty("successors").GetInt32().ShouldBe(1);
        tabs.GetProperty("isKept").GetBoolean().ShouldBeTrue();
        tabs.GetProperty("replaced").GetBoolean().ShouldBeTrue();
        tabs.GetProperty("working").EnumerateArray().Select(orders => orders.GetInt32()).ShouldBe([3, 3]);
    }

    private static void TheKeyStays(JsonElement stolen)
    {
        stolen.GetProperty("isExtractable").GetBoolean().ShouldBeFalse();
        stolen.GetProperty("exported").EnumerateObject().Select(attempt => attempt.Value.GetString()).ShouldAllBe(outcome => outcome == "InvalidAccessError");
    }

    // DPOP-AS-08, DPOP-RS-03, DPOP-RS-09
    private static void TheTokensAreWorthless(JsonElement theft)
    {
        theft.EnumerateObject().Select(attempt => (attempt.Name, attempt.Value.GetProperty("status").GetInt32())).ShouldBe(
            [("bearer", 401), ("withoutProof", 401), ("anotherKey", 401), ("refreshWithoutProof", 400), ("refreshWithAnotherKey", 400)]);
        theft.GetProperty("anotherKey").GetProperty("error").GetString().ShouldBe("invalid_token");
        theft.GetProperty("refreshWithAnotherKey").GetProperty("error").GetString().ShouldBe("invalid_grant");
        theft.GetProperty("refreshWithAnotherKey").GetProperty("description").GetString().ShouldBe(FailureCatalog.Get(VerificationFailure.RefreshTokenBindingMismatch).Description);
    }
}
