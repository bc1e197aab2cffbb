using Microsoft.IdentityModel.Tokens;

namespace Holdfast.Issuer;

/// <summary>A registered public key of a client, parsed once, with a ready verifier for each algorithm it may be used with.</summary>
/// <param name="Kid">The key identifier it was registered with, or null.</param>
/// <param name="Verifiers">By JWS algorithm. They pool their key objects and may be shared between requests.</param>
internal sealed record ClientKey(string? Kid, IReadOnlyDictionary<string, SignatureProvider> Verifiers)
{
    /// <summary>True where the key is a candidate: the assertion names no key, names this one, or this one has no name.</summary>
    public bool Answers(string? kid) => kid is null || Kid is null || string.Equals(kid, Kid, StringComparison.Ordinal);
}
