using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>Parses what a client registered, or says everything that this issuer could not serve.</summary>
/// <param name="AssertionAlgorithms">What assertions may be signed with.</param>
/// <param name="AllowSecrets">Whether shared secrets are taken.</param>
/// <param name="AllowInternalJwksUris">Whether <c>jwks_uri</c> may lead inside.</param>
/// <param name="HasAnchors">Whether any certificate authority is trusted.</param>
/// <param name="Profile">What every client is held to at least.</param>
internal sealed record ClientCompiler(IReadOnlyList<string> AssertionAlgorithms, bool AllowSecrets, bool AllowInternalJwksUris, bool HasAnchors, SecurityProfile Profile)
{
    /// <summary>The client, worth something where nothing was added to <paramref name="problems"/>.</summary>
    /// <param name="setting">What its members are told as: <c>Clients:0</c>, or <c>client 'x'</c>.</param>
    /// <param name="keysSetting">The same of its keys.</param>
    /// <param name="client">What was registered.</param>
    /// <param name="secretHash">What its secret is compared with; null where it has none.</param>
    /// <param name="resources">The resources there are, by <see cref="ResourceIdentifier.Key"/>.</param>
    /// <param name="problems">Every problem is added: one sentence each.</param>
    public IssuerClient Compile(string setting, string keysSetting, Client client, ClientSecretHash? secretHash, IReadOnlyDictionary<string, IssuerResource> resources, List<string> problems)
    {
        RegisteredKeys keys = default;
        SecurityProfile profile = ProfileRules.Stricter(Profile, client.Profile);
        bool hasKeys = client.Jwks is not null || client.JwksUri is not null;
        switch (client.AuthenticationMethod)
        {
            case ClientAuthenticationMethods.PrivateKeyJwt or ClientAuthenticationMethods.SelfSignedTlsClientAuth:
                keys = RegisteredKeys.Read(setting, keysSetting, client, ProfileRules.Allowed(profile, AssertionAlgorithms), AllowInternalJwksUris, problems);
                break;
            // MTLS-17, RFC 8705 §7.4: trusted authorities are named, or there are none.
            case ClientAuthenticationMethods.TlsClientAuth when !HasAnchors:
                problems.Add($"{setting}:AuthenticationMethod: tls_client_auth needs MutualTls:TrustedCertificateAuthorities or TrustedCertificateAuthorityFiles.");
                break;
            case ClientAuthenticationMethods.TlsClientAuth or ClientAuthenticationMethods.None:
                if (hasKeys)
                    problems.Add($"{setting}: keys have no use with {client.AuthenticationMethod}; remove Jwks, JwksFile and JwksUri.");
                break;
            case ClientAuthenticationMethods.ClientSecretBasic or ClientAuthenticationMethods.ClientSecretPost:
                if (!AllowSecrets)
                    problems.Add($"{setting}:AuthenticationMethod: {client.AuthenticationMethod} is off; use private_key_jwt, or set AllowClientSecrets.");
                break;
            default:
                problems.Add($"{setting}:AuthenticationMethod: '{client.AuthenticationMethod}' is not private_key_jwt, tls_client_auth, self_signed_tls_client_auth, none, client_secret_basic or client_secret_post.");
                break;
        }
        foreach (string scope in client.Scopes.Where(scope => !ScopeToken.IsValid(scope)))
            problems.Add($"{setting}:Scopes: '{scope}' is not a scope (RFC 6749 §3.3: printable ASCII without space, quote and backslash).");
        // FAPI-02, RFC 6749 §4.4: client credentials are for clients that have some.
        if (client.AuthenticationMethod == ClientAuthenticationMethods.None && client.GrantTypes.Contains(GrantTypes.ClientCredentials, StringComparer.Ordinal))
            problems.Add($"{setting}:GrantTypes: client_credentials is not for public clients ({ClientAuthenticationMethods.None}).");
        // MTLS-29, RFC 8705 §3.4; DPOP-AS-14, RFC 9449 §5.2: what the client registered; and unless both are off, one binding at least.
        bool isCertificateBound = client.TlsClientCertificateBoundAccessTokens ?? ClientAuthenticationMethods.IsByCertificate(client.AuthenticationMethod);
        bool isKeyBound = client.DPoPBoundAccessTokens ?? !isCertificateBound;
        problems.AddRange(ProfileRules.Problems(setting, profile, client, isCertificateBound || isKeyBound));
        problems.AddRange(RedirectProblems(setting, client));
        return new IssuerClient
        {
            Registered = client,
            Profile = profile,
            Keys = keys.Fixed,
            JwksUri = keys.Uri,
            Subject = RegisteredSubject.Read(setting, client, problems),
            SecretHash = secretHash,
            CertificateBoundAccessTokens = isCertificateBound,
            DPoPBoundAccessTokens = isKeyBound,
            Resources = ResolveResources(setting, client, resources, problems),
        };
    }

    // FAPI-12, RFC 9700 §4.1.3: without one that is registered there is nowhere to send a code.
    private static IEnumerable<string> RedirectProblems(string setting, Client client)
    {
        if (client.RedirectUris.Count == 0 && client.GrantTypes.Contains(GrantTypes.AuthorizationCode, StringComparer.Ordinal))
            yield return $"{setting}:RedirectUris: none; authorization_code needs at least one.";
        foreach (string uri in client.RedirectUris)
        {
            if (RedirectUri.Problem(uri, client.PathKind) is { } problem)
                yield return $"{setting}:RedirectUris: '{uri}' {problem}.";
        }
    }

    private static List<IssuerResource> ResolveResources(string setting, Client client, IReadOnlyDictionary<string, IssuerResource> resources, List<string> problems)
    {
        var resolved = new List<IssuerResource>();
        // One that may do nothing but introspect or sign people in calls no resource.
        if (client.Resources.Count == 0 && client.GrantTypes.Contains(GrantTypes.ClientCredentials, StringComparer.Ordinal) && client.Introspects.Count == 0)
            problems.Add($"{setting}:Resources: none; name at least one resource that the client may call.");
        foreach (string identifier in client.Introspects.Where(identifier => !resources.ContainsKey(ResourceIdentifier.Key(identifier))))
            problems.Add($"{setting}:Introspects: '{identifier}' is not among Resources.");
        foreach (string identifier in client.Resources)
        {
            if (!resources.TryGetValue(ResourceIdentifier.Key(identifier), out IssuerResource? resource))
            {
                problems.Add($"{setting}:Resources: '{identifier}' is not among Resources.");
                continue;
            }
            resolved.Add(resource);
            // A client that shares no scope with a resource could never get a token for it.
            if (resource.Scopes.Count > 0 && !resource.Scopes.Intersect(client.Scopes, StringComparer.Ordinal).Any())
                problems.Add($"{setting}:Scopes: none of them is known at '{identifier}' ({string.Join(' ', resource.Scopes)}).");
        }
        return [.. resolved.Distinct()];
    }
}
