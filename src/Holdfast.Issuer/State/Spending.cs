using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>What goes with every write: the assertion that is spent by it, and the registry that it was decided by.</summary>
/// <param name="Assertion">Null where the client did not authenticate by one.</param>
/// <param name="Decided">The position of the registry.</param>
public readonly record struct Spending(SpentAssertion? Assertion, RegistryPosition Decided);

/// <summary>An assertion to be spent (RFC 7523 §3, <c>jti</c>): worthless from then on, also after a crash and a restart.</summary>
/// <param name="ClientId">Whose it is: identifiers of one client mean nothing for another.</param>
/// <param name="Jti">Its identifier; only its hash is kept.</param>
/// <param name="IssuedAt">Its <c>iat</c>: one from before a backup was restored may have been spent, and counts as such.</param>
/// <param name="ExpiresAt">From when it is refused anyway, and need not be remembered.</param>
public readonly record struct SpentAssertion(string ClientId, string Jti, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt);
