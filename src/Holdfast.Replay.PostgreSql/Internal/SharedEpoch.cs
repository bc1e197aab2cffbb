namespace Holdfast.Replay.PostgreSql.Internal;

/// <summary>An epoch that this node works in: its records, and the nonces that vouch that a proof was made within it.</summary>
internal sealed record SharedEpoch(long Id, long Fence, long[] Generations, DPoPNonces ResourceNonces, DPoPNonces IssuerNonces)
{
    public static SharedEpoch Create(ReplayState state, VerifierClock clock)
    {
        var keys = new DPoPNonceKeys(state.Epoch!.Value, state.Generations.Zip(state.NonceKeys));
        return new(keys.Epoch, state.Fence, state.Generations, new(clock, VerifierRole.ResourceServer, keys), new(clock, VerifierRole.AuthorizationServer, keys));
    }

    public DPoPNonces NoncesOf(VerifierRole role) => role == VerifierRole.ResourceServer ? ResourceNonces : IssuerNonces;
}
