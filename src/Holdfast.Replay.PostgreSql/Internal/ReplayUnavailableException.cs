namespace Holdfast.Replay.PostgreSql.Internal;

/// <summary>The database answers, and its records cannot be used now; the message says why, to the operator.</summary>
internal sealed class ReplayUnavailableException(string message) : Exception(message);
