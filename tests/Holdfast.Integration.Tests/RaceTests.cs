using System.Net;

namespace Holdfast.Integration.Tests;

public sealed class RaceTests(UpFixture fixture) : IClassFixture<UpFixture>
{
    private const int Rounds = 20;
    private const int Racers = 64;

    // DPOP-V-29
    [Fact]
    public async Task Of_64_identical_proofs_at_once_exactly_one_is_accepted_every_time()
    {
        using var caller = new Caller(fixture.Up);
        string token = await caller.TokenAsync();
        for (int round = 0; round < Rounds; round++)
        {
            string proof = caller.ProofFor("GET", fixture.Up.Orders, token);
            var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task<HttpResponseMessage>[] racers = [.. Enumerable.Range(0, Racers).Select(async _ =>
            {
                await start.Task;
                return await caller.CallAsync(token, proof);
            })];
            start.SetResult();
            HttpResponseMessage[] answers = await Task.WhenAll(racers);

            answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1, $"round {round}");
            answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized).ShouldBe(Racers - 1, $"round {round}");
        }
    }
}
