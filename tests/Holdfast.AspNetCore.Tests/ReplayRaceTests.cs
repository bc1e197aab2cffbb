using System.Net;
using Holdfast.Testing;

namespace Holdfast.AspNetCore.Tests;

public class ReplayRaceTests
{
    // DPOP-V-29
    [Fact]
    public async Task Of_64_identical_proofs_at_once_exactly_one_is_accepted_each_time()
    {
        await using TestApi api = await TestApi.StartAsync(new() { Kestrel = true });
        string token = api.BoundToken();

        for (int round = 0; round < 20; round++)
        {
            TestProof proof = api.Proof("GET", "/orders", token);
            string signed = proof.Sign();
            HttpResponseMessage[] responses = await Task.WhenAll(
                Enumerable.Range(0, 64).Select(_ => Task.Run(() => api.SendAsync(HttpMethod.Get, "/orders", $"DPoP {token}", signed))));

            responses.Count(response => response.StatusCode == HttpStatusCode.OK).ShouldBe(1);
            responses.Count(response => response.StatusCode == HttpStatusCode.Unauthorized).ShouldBe(63);
        }
        api.Recorded.Signals.ShouldAllBe(signal => signal.Failure.Failure == VerificationFailure.ProofReplayed);
        api.Recorded.Signals.Count.ShouldBe(20 * 63);
    }

    // DPOP-V-31
    [Fact]
    public async Task A_respelled_or_resigned_copy_is_still_the_same_proof()
    {
        await using TestApi api = await TestApi.StartAsync();
        string token = api.BoundToken();
        TestProof proof = api.Proof("GET", "/orders", token);
        (await api.GetAsync("/orders", token, proof)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await api.GetAsync("/orders", token, proof)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await api.GetAsync("/orders", token, proof.With("htu", "HTTPS://API.example.com:443/%6Frders?x=1"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        api.Recorded.Signals.ShouldAllBe(signal => signal.Failure.Failure == VerificationFailure.ProofReplayed);
    }
}
