using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Holdfast.Issuer.Tests;

/// <summary>Nothing is consumed before everything else passed.</summary>
public class ConsumptionTests
{
    // AT-94
    [Fact]
    public async Task Refuses_an_assertion_that_was_used()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string assertion = issuer.Assertion();
        (await issuer.AskAsync(form: issuer.Form(assertion))).ShouldBeToken();
        issuer.ShouldRefuse(await issuer.AskAsync(form: issuer.Form(assertion)), VerificationFailure.AssertionReplayed, "invalid_client");
    }

    // AT-94: the jti counts, not the spelling of the assertion.
    [Fact]
    public async Task Refuses_another_assertion_with_a_used_jti()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        (await issuer.AskAsync(form: issuer.Form(issuer.Assertion((_, payload) => payload["jti"] = "once")))).ShouldBeToken();
        string second = issuer.Assertion((_, payload) => (payload["jti"], payload["x"]) = ("once", "y"));
        issuer.ShouldRefuse(await issuer.AskAsync(form: issuer.Form(second)), VerificationFailure.AssertionReplayed, "invalid_client");
    }

    // AT-94: one client's identifiers mean nothing for another.
    [Fact]
    public async Task Lets_two_clients_use_the_same_jti()
    {
        var neighbour = new CallerKey();
        await using IssuerHost issuer = await IssuerHost.StartAsync(o => o.Clients.Add(
            new() { ClientId = "neighbour", Jwks = neighbour.Jwks(), Scopes = ["orders.read"], Resources = [IssuerHost.Orders] }));
        (await issuer.AskAsync(form: issuer.Form(issuer.Assertion((_, payload) => payload["jti"] = "same")))).ShouldBeToken();
        (await issuer.AskAsync(form: issuer.Form(neighbour.Assertion("neighbour", IssuerHost.Issuer, issuer.Clock.UtcNow, (_, payload) => payload["jti"] = "same")))).ShouldBeToken();
    }

    // AT-95: an assertion and a proof may have the same jti.
    [Fact]
    public async Task Keeps_the_identifiers_of_proofs_and_assertions_apart()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        (await issuer.AskAsync(issuer.Proof(change: (_, payload) => payload["jti"] = "same"),
            issuer.Form(issuer.Assertion((_, payload) => payload["jti"] = "same")))).ShouldBeToken();
    }

    [Theory]
    [InlineData("scope", "orders.admin", "invalid_scope")]
    [InlineData("resource", "https://elsewhere.example", "invalid_target")]
    [InlineData("grant_type", "password", "unsupported_grant_type")]
    public async Task Consumes_neither_proof_nor_assertion_in_a_refused_request(string name, string value, string error)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        (string proof, string assertion) = (issuer.Proof(), issuer.Assertion());
        (await issuer.AskAsync(proof, issuer.Form(assertion, (name, value)))).Error.ShouldBe(error);
        (await issuer.AskAsync(proof, issuer.Form(assertion))).ShouldBeToken();
    }

    [Fact]
    public async Task Consumes_no_assertion_with_a_bad_proof_and_no_proof_with_a_bad_assertion()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        (string proof, string assertion) = (issuer.Proof(), issuer.Assertion());
        (await issuer.AskAsync(issuer.Proof(change: (_, payload) => payload["htm"] = "GET"), issuer.Form(assertion))).Error.ShouldBe("invalid_dpop_proof");
        (await issuer.AskAsync(proof, issuer.Form(issuer.Assertion((_, payload) => payload["aud"] = "x")))).Error.ShouldBe("invalid_client");
        (await issuer.AskAsync(proof, issuer.Form(assertion))).ShouldBeToken();
    }

    // AT-94
    [Fact]
    public async Task Gives_one_token_for_many_identical_assertions_at_once()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        for (int round = 0; round < 5; round++)
        {
            string assertion = issuer.Assertion();
            string[] proofs = [.. Enumerable.Range(0, 32).Select(_ => issuer.Proof())];
            TokenAnswer[] answers = await Task.WhenAll(proofs.Select(proof => Task.Run(() => issuer.AskAsync(proof, issuer.Form(assertion)))));
            answers.Count(answer => answer.Token is not null).ShouldBe(1);
            answers.Count(answer => answer.Error == "invalid_client").ShouldBe(31);
        }
    }

    // AT-94: a captured assertion is worthless after a restart, too.
    [Fact]
    public async Task Remembers_used_assertions_across_a_restart()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string used = issuer.Assertion();
        (await issuer.AskAsync(form: issuer.Form(used))).ShouldBeToken();
        await issuer.StopAsync();
        await using IssuerHost next = await IssuerHost.StartAsync(successorOf: issuer);
        next.ShouldRefuse(await next.AskAsync(form: next.Form(used)), VerificationFailure.AssertionReplayed, "invalid_client");
        (await next.AskAsync()).ShouldBeToken();
    }

    // AT-94: without stopping the first, as after kill -9.
    [Fact]
    public async Task Remembers_used_assertions_that_another_process_took()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        await using IssuerHost next = await IssuerHost.StartAsync(successorOf: issuer);
        string used = issuer.Assertion();
        (await issuer.AskAsync(form: issuer.Form(used))).ShouldBeToken();
        next.ShouldRefuse(await next.AskAsync(form: next.Form(used)), VerificationFailure.AssertionReplayed, "invalid_client");
    }

    [Fact]
    public async Task Refuses_while_the_store_does_not_answer()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(services: services => services.Replace(ServiceDescriptor.Singleton(DeafStore.Create())));
        TokenAnswer answer = await issuer.AskAsync();
        issuer.ShouldRefuse(answer, VerificationFailure.IssuerStateUnavailable, "temporarily_unavailable", HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
    }

    // The store that the host registered is the one that is asked.
    [Theory]
    [InlineData(ReplayResult.Unavailable, VerificationFailure.ReplayStoreUnavailable)]
    [InlineData(ReplayResult.Full, VerificationFailure.ReplayStoreFull)]
    public async Task Consumes_no_assertion_while_the_replay_store_does_not_take_the_proof(ReplayResult result, VerificationFailure failure)
    {
        var store = new FixedReplayStore { Result = result };
        await using IssuerHost issuer = await IssuerHost.StartAsync(services: services => services.AddSingleton<IReplayStore>(store));
        string assertion = issuer.Assertion();
        TokenAnswer answer = await issuer.AskAsync(form: issuer.Form(assertion));
        issuer.ShouldRefuse(answer, failure, "temporarily_unavailable", HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        store.Result = ReplayResult.Added;
        (await issuer.AskAsync(form: issuer.Form(assertion))).ShouldBeToken();
    }

    // DPOP-V-27
    [Fact]
    public async Task Does_not_start_with_a_replay_store_that_accepts_a_proof_twice() =>
        (await Should.ThrowAsync<IssuerStartupException>(async () => await (await IssuerHost.StartAsync(
            services: services => services.AddSingleton<IReplayStore>(new FixedReplayStore { Result = ReplayResult.Added }))).DisposeAsync()))
            .Message.ShouldContain("accepted a made-up proof twice");

    // DPOP-V-29: with records that are shared a proof needs a nonce only where it helps; in memory, and without a promise, always.
    [Theory]
    [InlineData(true, null, true)]
    [InlineData(false, null, false)]
    [InlineData(true, NonceMode.Always, false)]
    public async Task Asks_for_nonces_on_demand_where_records_are_shared(bool isShared, NonceMode? nonces, bool passes)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(options => (options.SingleInstance, options.NonceMode) = (false, nonces), services: services =>
        {
            if (isShared)
                services.AddSingleton<SharedReplayStore>().AddSingleton<IReplayStore>(provider => provider.GetRequiredService<SharedReplayStore>())
                    .AddSingleton<ISharedReplayStore>(provider => provider.GetRequiredService<SharedReplayStore>());
        });

        TokenAnswer answer = await issuer.AskAsync();

        if (passes)
            answer.ShouldBeToken();
        else
            issuer.ShouldRefuse(answer, VerificationFailure.NonceMissing, "use_dpop_nonce", HttpStatusCode.BadRequest);
    }

    private sealed class SharedReplayStore(VerifierClock clock) : ISharedReplayStore
    {
        private readonly EmbeddedReplayStore _records = new(new EmbeddedReplayStoreOptions { NoPredecessor = true }, clock);

        public string? WhyNotReady => null;

        public ValueTask<ReplayResult> TryAddAsync(ReplayRecord record, CancellationToken cancellationToken) => _records.TryAddAsync(record, cancellationToken);
    }

    private sealed class FixedReplayStore : IReplayStore
    {
        public ReplayResult Result { get; set; }

        public ValueTask<ReplayResult> TryAddAsync(ReplayRecord record, CancellationToken cancellationToken) => new(Result);
    }
}
