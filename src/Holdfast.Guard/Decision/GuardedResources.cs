using Holdfast.AspNetCore;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Guard.Internal;

/// <summary>Builds each resource once. Clock, replay store and nonces are one for the process, so that a proof is spent for all; keys are one set an issuer.</summary>
internal sealed class GuardedResources
{
    private readonly Dictionary<string, GuardedResource> _resources;

    public GuardedResources(GuardConfig config, GuardIssuers issuers, IReplayStore replay, ResourceNonces nonces, VerifierClock clock, IServiceProvider services)
    {
        _resources = config.Resources.ToDictionary(resource => resource.Name, Build, StringComparer.Ordinal);

        GuardedResource Build(GuardResource resource)
        {
            var policy = new DPoPProofPolicy { Algorithms = resource.ProofAlgorithms, NonceMode = config.NonceMode };
            // FWD-60: the guard consumes the proof; upstreams verify the context and never the proof again.
            var proofs = new DPoPProofVerifier(VerifierRole.ResourceServer, policy, clock, replay, config.NonceMode == NonceMode.Off ? null : nonces.Nonces);
            IAccessTokenVerifier tokens = services.GetKeyedService<IAccessTokenVerifier>(resource.Name) ?? issuers.TokensOf(resource.Config.Issuer);
            return new(resource.Config, new RequestVerifier(tokens, proofs, clock), new Challenges(policy.Algorithms, metadataUrl: null), new ReplaySelfTest(proofs, nonces.Nonces, clock));
        }
    }

    /// <summary>A self-test of each.</summary>
    public IEnumerable<ReplaySelfTest> SelfTests => _resources.Values.Select(resource => resource.SelfTest);

    /// <summary>The resource of a route.</summary>
    public GuardedResource Of(GuardRoute route) => _resources[route.Resource.Name];
}
