namespace Holdfast.Issuer;

/// <summary>What an access token can be revoked by.</summary>
/// <param name="Jti">Its own identifier.</param>
/// <param name="GrantId">The grant it is of; null where it names none.</param>
/// <param name="ClientId">Whose it is.</param>
/// <param name="Kid">The key that signed it.</param>
public readonly record struct TokenIdentity(string Jti, string? GrantId, string ClientId, string Kid);
