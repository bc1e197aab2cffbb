namespace Holdfast.Replay.PostgreSql;

/// <summary>What a node does while it cannot ask the database (DPOP-V-32). Either way nothing is accepted twice.</summary>
public enum ReplayLoss
{
    /// <summary>It refuses what needs a replay record: 503 <c>replay_store_unavailable</c> with <c>Retry-After</c>. The default.</summary>
    Refuse = 0,

    /// <summary>
    /// It demands nonces of its own and remembers proofs by itself: each proof is then good at one node, once. A client's retry must reach the
    /// node that challenged it, so the balancer has to keep a client at one node while this lasts.
    /// </summary>
    Nonce = 1,
}
