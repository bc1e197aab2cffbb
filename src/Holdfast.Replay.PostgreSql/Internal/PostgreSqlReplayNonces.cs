namespace Holdfast.Replay.PostgreSql.Internal;

/// <summary>
/// The nonces of one role at this node: those that all nodes share, or while this node is alone (<see cref="ReplayLoss.Nonce"/>) those of its own, which vouch that
/// no other node has accepted the proof.
/// </summary>
internal sealed class PostgreSqlReplayNonces(PostgreSqlReplayStore store, VerifierRole role, VerifierClock clock) : IDPoPNonces
{
    private readonly DPoPNonces _own = DPoPNonces.CreateForProcess(clock, role);

    public string? Current => store.IsAlone ? _own.Current : store.NoncesOf(role)?.Current;

    public bool AreDemanded => store.IsAlone;

    public NonceStatus Check(ReadOnlySpan<char> nonce, out FreshnessAnchor anchor)
    {
        bool isAlone = store.IsAlone;
        anchor = default;
        if (store.NoncesOf(role) is { } shared && shared.Check(nonce, out anchor) is var status and not NonceStatus.Unknown)
            // Good at any node, and so at none that cannot ask the others.
            return isAlone ? NonceStatus.Stale : status;
        status = _own.Check(nonce, out anchor);
        // Still good once the database is back, because its record is kept here; but a shared one is offered in its place.
        return status == NonceStatus.Current && !isAlone ? NonceStatus.Previous : status;
    }
}
