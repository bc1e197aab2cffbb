using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>A client as the endpoints see it: what was registered, with everything parsed that can be parsed once.</summary>
internal sealed record IssuerClient
{
    /// <summary>What was registered.</summary>
    public required Client Registered { get; init; }
    /// <summary>The rules that it is held to: its own or the issuer's, whichever are stricter.</summary>
    public required SecurityProfile Profile { get; init; }
    /// <summary>Its fixed keys; null where it has none, or publishes them at <see cref="JwksUri"/>.</summary>
    public required ClientKeySet? Keys { get; init; }
    public required Uri? JwksUri { get; init; }
    /// <summary>The name in its certificate, for <c>tls_client_auth</c>.</summary>
    public required RegisteredSubject? Subject { get; init; }
    /// <summary>What its secret is compared with; null where it has none.</summary>
    public required ClientSecretHash? SecretHash { get; init; }
    /// <summary>Tokens are bound to its certificate, or refused.</summary>
    public required bool CertificateBoundAccessTokens { get; init; }
    /// <summary>Tokens are bound to the key of a proof, or refused.</summary>
    public required bool DPoPBoundAccessTokens { get; init; }
    public required IReadOnlyList<IssuerResource> Resources { get; init; }

    public string ClientId => Registered.ClientId;
    public string AuthenticationMethod => Registered.AuthenticationMethod;
    public IReadOnlyList<string> Scopes => Registered.Scopes;
    /// <summary>True for a client that cannot keep a secret (RFC 6749 §2.1), and authenticates by nothing.</summary>
    public bool IsPublic => AuthenticationMethod == ClientAuthenticationMethods.None;
    public bool MayUse(string grantType) => Registered.GrantTypes.Contains(grantType, StringComparer.Ordinal);
}

/// <summary>A resource; <paramref name="Identifier"/> is the <c>aud</c> of its tokens.</summary>
internal sealed record IssuerResource(string Identifier, IReadOnlyList<string> Scopes);
