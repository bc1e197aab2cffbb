namespace Holdfast.Issuer;

/// <summary>What a client's secret is compared with.</summary>
/// <param name="Octets">The hash.</param>
/// <param name="IsSlow">True for one of the registry (<see cref="Registry.IClientSecretHasher"/>), false for the SHA-256 of a random secret among the settings.</param>
internal sealed record ClientSecretHash(byte[] Octets, bool IsSlow);
