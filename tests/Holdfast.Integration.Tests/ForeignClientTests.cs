using System.Text.Json;

namespace Holdfast.Integration.Tests;

/// <summary>Clients that were written by others, against the processes that people run.</summary>
public sealed class ForeignClientTests(UpFixture plain, UpWithNoncesFixture nonces) : IClassFixture<UpFixture>, IClassFixture<UpWithNoncesFixture>
{
    [NodeFact]
    public Task Oauth4webapi_gets_in_and_its_token_alone_does_not() => GetsInAndItsTokenAloneDoesNotAsync("oauth4webapi", plain.Up, expectsChallenges: false);

    [NodeFact]
    public Task Openid_client_gets_in_and_its_token_alone_does_not() => GetsInAndItsTokenAloneDoesNotAsync("openid-client", plain.Up, expectsChallenges: false);

    // DPOP-AS-21, DPOP-RS-22
    [NodeFact]
    public Task Oauth4webapi_answers_nonce_challenges() => GetsInAndItsTokenAloneDoesNotAsync("oauth4webapi", nonces.Up, expectsChallenges: true);

    // DPOP-AS-21, DPOP-RS-22
    [NodeFact]
    public Task Openid_client_answers_nonce_challenges() => GetsInAndItsTokenAloneDoesNotAsync("openid-client", nonces.Up, expectsChallenges: true);

    private static async Task GetsInAndItsTokenAloneDoesNotAsync(string script, Up up, bool expectsChallenges)
    {
        JsonElement seen = await NodeScript.RunAsync(script, up.JsonPath);

        seen.GetProperty("issuer").GetString().ShouldBe(up.Issuer);
        seen.GetProperty("dpopAlgorithms").EnumerateArray().Select(alg => alg.GetString()).ShouldBe(DPoPAlgorithms.Default);
        // They lower-case it; RFC 6749 §5.1 has it compared without regard to case.
        seen.GetProperty("tokenType").GetString().ShouldBe("dpop", StringCompareShould.IgnoreCase);
        seen.GetProperty("bound").GetBoolean().ShouldBeTrue();
        seen.GetProperty("status").GetInt32().ShouldBe(200);

        JsonElement challenges = seen.GetProperty("challenges");
        challenges.GetProperty("token").GetInt32().ShouldBe(expectsChallenges ? 1 : 0);
        // The replay at the end is not made by the client, and not counted.
        challenges.GetProperty("resource").GetInt32().ShouldBe(expectsChallenges ? 1 : 0);

        // DPOP-RS-03, DPOP-RS-09, DPOP-RS-15: the error is in the challenge of the scheme that was used, beside the one that would have done.
        JsonElement downgrade = seen.GetProperty("downgrade");
        downgrade.GetProperty("status").GetInt32().ShouldBe(401);
        downgrade.GetProperty("challenge").GetString()!.ShouldContain("Bearer error=\"invalid_token\"");
        // A foreign parser understood both.
        JsonElement[] parsed = [.. downgrade.GetProperty("parsed").EnumerateArray()];
        parsed.Select(challenge => challenge.GetProperty("scheme").GetString()).ShouldBe(["dpop", "bearer"]);
        parsed[0].GetProperty("parameters").GetProperty("algs").GetString().ShouldBe(string.Join(' ', DPoPAlgorithms.Default));
        parsed[1].GetProperty("parameters").GetProperty("error").GetString().ShouldBe("invalid_token");

        // DPOP-V-27
        JsonElement replay = seen.GetProperty("replay");
        replay.GetProperty("status").GetInt32().ShouldBe(401);
        replay.GetProperty("challenge").GetString()!.ShouldStartWith("DPoP error=\"invalid_dpop_proof\"");
    }
}
