namespace Holdfast.Chaos;

/// <summary>What an attacker has seen, sent and been answered.</summary>
/// <param name="ProofsSeen">Proofs that honest clients sent.</param>
/// <param name="Replays">Requests with a proof that had been sent before.</param>
/// <param name="Races">Requests at the same moment as the original.</param>
/// <param name="Accepted">Answered 200, which is the first use of a proof or a failure: the logs tell.</param>
/// <param name="Refused">Answered 400 to 403.</param>
/// <param name="Unavailable">Answered 500 or more.</param>
/// <param name="Unanswered">No answer: the node was dead, or the run was over.</param>
/// <param name="NoRoom">Not sent, because too many were in the air there.</param>
internal sealed record AttackCount(long ProofsSeen, long Replays, long Races, long Accepted, long Refused, long Unavailable, long Unanswered, long NoRoom);
