using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore.Tests;

/// <summary>How many processes there are is declared, and what they remember has to go with it.</summary>
public sealed class ReplicaTests
{
    // DPOP-V-29
    [Theory]
    [InlineData(NonceMode.OnDemand)]
    [InlineData(NonceMode.Off)]
    public async Task Refuses_several_replicas_that_would_each_accept_a_proof(NonceMode nonces)
    {
        string problem = (await ProblemsOf(options => (options.Replicas, options.NonceMode) = (2, nonces))).ShouldHaveSingleItem();

        problem.ShouldStartWith("Replicas: 2 processes");
        problem.ShouldContain("UsePostgreSqlReplay");
        problem.ShouldContain("NonceMode");
    }

    // DPOP-V-29: and nothing was said about nonces, the default is one for every proof.
    [Theory]
    [InlineData(NonceMode.Always)]
    [InlineData(null)]
    public async Task Takes_several_replicas_where_every_proof_has_a_nonce_of_its_process(NonceMode? nonces)
    {
        await using TestApi api = await TestApi.StartAsync(new() { Options = options => (options.Replicas, options.NonceMode) = (2, nonces) });

        await api.GetAsync("/orders");
        api.Recorded.Failure.ShouldBe(VerificationFailure.NonceMissing);
    }

    // DPOP-V-29: a nonce that another process gives as well says nothing about who has seen the proof.
    [Fact]
    public async Task Refuses_several_replicas_whose_nonces_are_shared_and_whose_memory_is_not() =>
        (await ProblemsOf(options => (options.Replicas, options.NonceMode) = (2, NonceMode.Always), services => services.AddKeyedSingleton<IDPoPNonces>(VerifierRole.ResourceServer,
            (provider, _) => new DPoPNonces(provider.GetRequiredService<VerifierClock>(), VerifierRole.ResourceServer, new byte[32])))).ShouldHaveSingleItem().ShouldStartWith("Replicas:");

    [Fact]
    public async Task Refuses_a_single_instance_of_which_there_are_several() =>
        (await ProblemsOf(options => (options.Replicas, options.SingleInstance) = (2, true))).ShouldHaveSingleItem().ShouldStartWith("Replicas: 2 processes are no single instance");

    // DPOP-V-29: the processes are the same for all schemes, whichever of them says so.
    [Fact]
    public async Task Believes_the_scheme_that_declares_most() =>
        (await ProblemsOf(_ => { }, services => services.AddAuthentication("Holdfast").AddHoldfast("Second", options =>
        {
            options.Issuer = "https://issuer.example";
            options.Audience = TestApi.Url;
            options.Replicas = 3;
        }))).ShouldHaveSingleItem().ShouldStartWith("Replicas: 3 processes");

    // DPOP-V-29
    [Fact]
    public async Task Takes_several_replicas_that_share_their_memory_and_warns_of_nothing()
    {
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Options = options => options.Replicas = 5,
            Services = services => services.Replace(ServiceDescriptor.Singleton<IReplayStore, FakeSharedStore>()).AddKeyedSingleton<IDPoPNonces>(VerifierRole.ResourceServer,
                (provider, _) => new DPoPNonces(provider.GetRequiredService<VerifierClock>(), VerifierRole.ResourceServer, new byte[32])),
        });

        (await api.GetAsync("/orders")).StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        api.Recorded.Lines.ShouldAllBe(line => line.Level < LogLevel.Warning);
    }

    private static async Task<string[]> ProblemsOf(Action<HoldfastOptions> options, Action<IServiceCollection>? services = null)
    {
        OptionsValidationException failure = await Should.ThrowAsync<OptionsValidationException>(
            async () => await (await TestApi.StartAsync(new() { Options = options, Services = services })).DisposeAsync());
        return [.. failure.Failures];
    }
}
