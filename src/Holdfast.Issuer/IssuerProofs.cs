using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Issuer;

/// <summary>The one proof verifier, in the role of an authorization server, with nonces and replay records of its own.</summary>
internal sealed class IssuerProofs(IssuerConfig config, VerifierClock clock, IServiceProvider services)
{
    // DPOP-AS-23, DPOP-AS-29, RFC 9449 §8: nonces of this role, from a random key that lives and dies with the process; or the host's own,
    // where nodes share a replay store and with it the key of their nonces.
    public DPoPProofVerifier Verifier { get; } = new(VerifierRole.AuthorizationServer, config.ProofPolicy, clock, ChooseStore(config, clock, services),
        config.ProofPolicy.NonceMode == NonceMode.Off ? null
            : services.GetKeyedService<DPoPNonces>(VerifierRole.AuthorizationServer) ?? DPoPNonces.CreateForProcess(clock, VerifierRole.AuthorizationServer));

    // A shared store that the host registered is used. The embedded one of an API in the same process is not: it counts that API's quotas
    // and restarts, and each role's records mean nothing to the other anyway.
    private static IReplayStore ChooseStore(IssuerConfig config, VerifierClock clock, IServiceProvider services) =>
        services.GetService<IReplayStore>() is { } shared and not EmbeddedReplayStore
            ? shared
            : new EmbeddedReplayStore(new EmbeddedReplayStoreOptions { SingleInstance = config.SingleInstance, NoPredecessor = config.NoPredecessor }, clock);
}
