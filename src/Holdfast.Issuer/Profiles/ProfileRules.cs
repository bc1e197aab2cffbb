using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>What a profile demands beyond the rules for everybody (D13): in one place, asked wherever something is decided.</summary>
internal static class ProfileRules
{
    // FAPI-26, FAPI 2.0 §5.4.1: PS256, ES256 and EdDSA; of these the last is not implemented.
    private static readonly IReadOnlyList<string> Fapi2Algorithms = ["ES256", "PS256"];

    /// <summary>The one that is in force where an issuer and a client have one each.</summary>
    public static SecurityProfile Stricter(SecurityProfile issuer, SecurityProfile? client) => client is { } own && own > issuer ? own : issuer;

    /// <summary>Those of the algorithms that may be used.</summary>
    public static IReadOnlyList<string> Allowed(SecurityProfile profile, IReadOnlyList<string> algorithms) =>
        profile == SecurityProfile.Fapi2 ? [.. algorithms.Where(algorithm => Fapi2Algorithms.Contains(algorithm, StringComparer.Ordinal))] : algorithms;

    // FAPI-13, FAPI 2.0 §5.3.2.2: what was not pushed by an authenticated client is refused.
    /// <summary>Whether authorization requests are pushed, or refused.</summary>
    public static bool RequiresPushing(SecurityProfile profile) => profile == SecurityProfile.Fapi2;

    // FAPI-15, FAPI 2.0 §5.3.2.2.
    /// <summary>Whether an authorization request states its redirect URI, even where only one is registered.</summary>
    public static bool RequiresRedirectUri(SecurityProfile profile) => profile == SecurityProfile.Fapi2;

    // FAPI-04, FAPI 2.0 §5.3.2.1: the issuer identifier alone. AT-84, RFC 9126 §2, RFC 7523 §3: otherwise the URLs of the endpoints that clients know, too (D13).
    /// <summary>Whether an assertion may be addressed so.</summary>
    public static bool AllowsAssertionAudience(SecurityProfile profile, IssuerConfig config, string? audience) =>
        string.Equals(audience, config.Issuer, StringComparison.Ordinal)
        || (profile != SecurityProfile.Fapi2 && audience is not null && (audience == config.TokenEndpoint || audience == config.PushedAuthorizationRequestEndpoint));

    // FAPI-05, FAPI 2.0 §5.3.2.1: refresh tokens do not rotate; the client's authentication and the binding of access tokens protect them.
    /// <summary>Whether a refresh token is replaced when it is used (RFC 9700 §2.2.2).</summary>
    public static bool RotatesRefreshTokens(IssuerClient client) => client.Profile != SecurityProfile.Fapi2 && client.IsPublic;

    // FAPI-26, FAPI 2.0 §5.4.1: of proofs too, which the server as a whole may take with other algorithms from other clients.
    /// <summary>Why a proof that passed is not good enough for this client; null where it is.</summary>
    public static Refusal? RefuseProof(IssuerClient client, DPoPProof proof) =>
        client.Profile != SecurityProfile.Fapi2 || Fapi2Algorithms.Contains(proof.Alg, StringComparer.Ordinal) ? null : new(VerificationFailure.ProfileViolated, $"a proof by {string.Join(" or ", Fapi2Algorithms)}", proof.Alg);

    // FAPI-26, FAPI 2.0 §5.4.1: of tokens too, whatever key others made active.
    /// <summary>Whether a client's tokens may be signed so.</summary>
    public static bool AllowsSignature(IssuerClient client, string algorithm) => client.Profile != SecurityProfile.Fapi2 || Fapi2Algorithms.Contains(algorithm, StringComparer.Ordinal);

    /// <summary>What is wrong with a client under its profile: one sentence each.</summary>
    public static IEnumerable<string> Problems(string setting, SecurityProfile profile, Client client, bool isSenderConstrained)
    {
        if (profile != SecurityProfile.Fapi2)
            yield break;
        // FAPI-02, FAPI-03, FAPI 2.0 §5.3.2.1: confidential clients, by mutual TLS or private_key_jwt.
        if (client.AuthenticationMethod != ClientAuthenticationMethods.PrivateKeyJwt && !ClientAuthenticationMethods.IsByCertificate(client.AuthenticationMethod))
            yield return $"{setting}:AuthenticationMethod: fapi2 takes private_key_jwt, tls_client_auth and self_signed_tls_client_auth, not {client.AuthenticationMethod}.";
        // FAPI-01, FAPI 2.0 §5.3.2.1: sender-constrained access tokens only.
        if (!isSenderConstrained)
            yield return $"{setting}: fapi2 issues sender-constrained tokens only; leave DPoPBoundAccessTokens or TlsClientCertificateBoundAccessTokens on.";
        // FAPI-15, FAPI 2.0 §5.3.2.2: no http, save on loopback, which is all that is ever registered (RFC 8252 §7.3); there the address is said as it is.
        foreach (string uri in client.RedirectUris.Where(uri => uri.StartsWith("http://localhost", StringComparison.OrdinalIgnoreCase)))
            yield return $"{setting}:RedirectUris: fapi2 takes http on a loopback address alone, not '{uri}' (RFC 8252 §8.3).";
    }

    /// <summary>What is wrong with the issuer's own settings under its profile: one sentence each.</summary>
    public static IEnumerable<string> Problems(HoldfastIssuerOptions options)
    {
        if (options.Profile != SecurityProfile.Fapi2)
            yield break;
        if (options.AllowClientSecrets)
            yield return "AllowClientSecrets: fapi2 knows no shared secrets; turn it off.";
        foreach ((string setting, IList<string>? algorithms) in new[] { (nameof(options.Algorithms), options.Algorithms), (nameof(options.AssertionAlgorithms), options.AssertionAlgorithms) })
        {
            foreach (string algorithm in algorithms?.Except(Fapi2Algorithms, StringComparer.Ordinal) ?? [])
                yield return $"{setting}: fapi2 takes {string.Join(" and ", Fapi2Algorithms)}, not '{algorithm}'.";
        }
        // FAPI-26, FAPI 2.0 §5.4.1.
        foreach (string algorithm in options.Keys.External.Select(static key => key.Algorithm).Prepend(options.Keys.Algorithm).Distinct(StringComparer.Ordinal).Except(Fapi2Algorithms, StringComparer.Ordinal))
            yield return $"Keys: fapi2 signs with {string.Join(" and ", Fapi2Algorithms)}, not '{algorithm}'.";
    }
}
