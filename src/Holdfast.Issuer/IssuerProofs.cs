using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Issuer;

/// <summary>The one proof verifier, in the role of an authorization server, with nonces and replay records of its own.</summary>
internal sealed class IssuerProofs
{
    public IssuerProofs(IssuerConfig config, VerifierClock clock, IServiceProvider services)
    {
        // A shared store that the host registered is used. The embedded one of an API in the same process is not: it counts that API's quotas
        // and restarts, and each role's records mean nothing to the other anyway.
        IReplayStore store = services.GetService<IReplayStore>() is { } shared and not EmbeddedReplayStore
            ? shared
            : new EmbeddedReplayStore(new EmbeddedReplayStoreOptions { SingleInstance = config.SingleInstance, NoPredecessor = config.NoPredecessor }, clock);
        // DPOP-AS-23, DPOP-AS-29, RFC 9449 §8: nonces of this role, from a random key that lives and dies with the process; or the host's own,
        // where nodes share a replay store and with it the key of their nonces.
        IDPoPNonces? own = services.GetKeyedService<IDPoPNonces>(VerifierRole.AuthorizationServer);
        Verifier = new(VerifierRole.AuthorizationServer, config.ProofPolicy, clock, store,
            config.ProofPolicy.NonceMode == NonceMode.Off ? null : own ?? DPoPNonces.CreateForProcess(clock, VerifierRole.AuthorizationServer));
        RemembersForItself = store is EmbeddedReplayStore;
        NoncesAreTheHosts = own is not null && config.ProofPolicy.NonceMode != NonceMode.Off;
    }

    public DPoPProofVerifier Verifier { get; }

    /// <summary>True where proofs are kept in the memory of this process.</summary>
    public bool RemembersForItself { get; }

    /// <summary>True where the nonce key may be known to other processes, so that a nonce says nothing about who saw the proof.</summary>
    public bool NoncesAreTheHosts { get; }
}
