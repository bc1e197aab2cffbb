using System.Globalization;

namespace Holdfast.Issuer;

/// <summary>Turns options into the configuration, or says everything that is wrong with them.</summary>
internal sealed class IssuerConfigBuilder
{
    private static readonly TimeSpan ShortestToken = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestToken = TimeSpan.FromHours(1);

    private readonly List<string> _problems = [];

    /// <summary>The configuration, or null and the problems: one sentence each, naming the setting.</summary>
    public static IssuerConfig? TryBuild(HoldfastIssuerOptions options, out IReadOnlyList<string> problems)
    {
        var builder = new IssuerConfigBuilder();
        IssuerConfig config = builder.Build(options);
        problems = builder._problems;
        return problems.Count == 0 ? config : null;
    }

    private IssuerConfig Build(HoldfastIssuerOptions options)
    {
        string baseUrl = options.Issuer.TrimEnd('/');
        string path = CheckIssuer(options);
        string tokenEndpoint = baseUrl + IssuerPaths.Token;
        if (!HttpTarget.TryParse(tokenEndpoint, out HttpTarget tokenTarget) && _problems.Count == 0)
            _problems.Add($"Issuer: '{options.Issuer}' is not a URL that a proof can name.");
        if (string.IsNullOrWhiteSpace(options.DataDirectory))
            _problems.Add("DataDirectory: not set; name the directory that keeps the signing key.");
        if (options.AccessTokenLifetime < ShortestToken || options.AccessTokenLifetime > LongestToken)
            _problems.Add($"AccessTokenLifetime: {options.AccessTokenLifetime} is outside 1 minute to 1 hour.");
        if (options.NonceMode is { } mode && !Enum.IsDefined(mode))
            _problems.Add($"NonceMode: '{mode}' is not one of Always, OnDemand, Off.");
        Dictionary<string, IssuerResource> resources = BuildResources(options.Resources);
        IReadOnlyList<string> assertionAlgorithms = CheckAlgorithms(nameof(options.AssertionAlgorithms), options.AssertionAlgorithms);
        var mutualTls = MutualTlsConfig.Build(options, _problems);
        return new IssuerConfig
        {
            Issuer = options.Issuer,
            Path = path,
            TokenEndpoint = tokenEndpoint,
            JwksUri = baseUrl + IssuerPaths.Jwks,
            TokenTarget = tokenTarget,
            DataDirectory = options.DataDirectory,
            AccessTokenLifetime = options.AccessTokenLifetime,
            ProofPolicy = new DPoPProofPolicy
            {
                Algorithms = CheckAlgorithms(nameof(options.Algorithms), options.Algorithms),
                NonceMode = options.NonceMode ?? (options.SingleInstance ? NonceMode.OnDemand : NonceMode.Always),
            },
            AssertionAlgorithms = assertionAlgorithms,
            AllowClientSecretBasic = options.AllowClientSecretBasic,
            DangerouslyAllowHttp = options.DangerouslyAllowHttp,
            SingleInstance = options.SingleInstance,
            NoPredecessor = options.NoPredecessor,
            MutualTls = mutualTls,
            DangerouslyAllowInternalJwksUris = options.DangerouslyAllowInternalJwksUris,
            Clients = BuildClients(options, resources, assertionAlgorithms, mutualTls),
            Resources = resources,
        };
    }

    // AT-50, RFC 8414 §2: the issuer is an https URL without query or fragment.
    private string CheckIssuer(HoldfastIssuerOptions options)
    {
        if (options.Issuer.Length == 0)
        {
            _problems.Add("Issuer: not set; give the public https URL of the issuer.");
            return "";
        }
        if (BaseUrl.Check(nameof(options.Issuer), options.Issuer, "RFC 8414 §2", _problems, out string path) is { } uri
            && !HttpsRule.Allows(uri, options.DangerouslyAllowHttp))
            _problems.Add($"Issuer: '{options.Issuer}' is plain http; use https, or a loopback host for trying things out.");
        return path;
    }

    // DPOP-AS-13, RFC 9449 §5.1: what is published is what is enforced, without none and MACs.
    private IReadOnlyList<string> CheckAlgorithms(string setting, IList<string>? algorithms)
    {
        if (algorithms is null)
            return DPoPAlgorithms.Default;
        if (algorithms.Count == 0)
            _problems.Add($"{setting}: empty; leave it out for the default, or name at least one algorithm.");
        foreach (string algorithm in algorithms.Where(algorithm => !DPoPAlgorithms.Implemented.Contains(algorithm, StringComparer.Ordinal)))
            _problems.Add($"{setting}: '{algorithm}' is not one of {string.Join(", ", DPoPAlgorithms.Implemented)}.");
        return [.. algorithms.Distinct(StringComparer.Ordinal)];
    }

    private Dictionary<string, IssuerResource> BuildResources(IList<IssuerResourceOptions> options)
    {
        var resources = new Dictionary<string, IssuerResource>(StringComparer.Ordinal);
        if (options.Count == 0)
            _problems.Add("Resources: none; name at least one API that tokens are issued for.");
        for (int i = 0; i < options.Count; i++)
        {
            string setting = $"Resources:{i.ToString(CultureInfo.InvariantCulture)}";
            CheckScopes(setting, options[i].Scopes);
            var resource = new IssuerResource(options[i].Identifier, [.. options[i].Scopes.Distinct(StringComparer.Ordinal)]);
            AddResource(resources, resource, $"{setting}:Identifier", resource.Identifier);
            for (int j = 0; j < options[i].AlternateIdentifiers.Count; j++)
                AddResource(resources, resource, $"{setting}:AlternateIdentifiers:{j.ToString(CultureInfo.InvariantCulture)}", options[i].AlternateIdentifiers[j]);
        }
        return resources;
    }

    private void AddResource(Dictionary<string, IssuerResource> resources, IssuerResource resource, string setting, string identifier)
    {
        if (!ResourceIdentifier.IsValid(identifier))
            _problems.Add($"{setting}: '{identifier}' is not an absolute URI without fragment (RFC 8707 §2).");
        // AT-12, RFC 9068 §5: every resource of an issuer has its own audience, and a name means one of them.
        else if (!resources.TryAdd(ResourceIdentifier.Key(identifier), resource))
            _problems.Add($"{setting}: '{identifier}' is there twice.");
    }

    private Dictionary<string, IssuerClient> BuildClients(HoldfastIssuerOptions options,
        Dictionary<string, IssuerResource> resources, IReadOnlyList<string> assertionAlgorithms, MutualTlsConfig mutualTls)
    {
        var clients = new Dictionary<string, IssuerClient>(StringComparer.Ordinal);
        for (int i = 0; i < options.Clients.Count; i++)
        {
            string setting = $"Clients:{i.ToString(CultureInfo.InvariantCulture)}";
            IssuerClient client = BuildClient(setting, options.Clients[i], options, resources, assertionAlgorithms);
            // MTLS-17, RFC 8705 §7.4: trusted authorities are named, or there are none.
            if (client.AuthenticationMethod == ClientAuthenticationMethods.TlsClientAuth && mutualTls.Anchors.Count == 0)
                _problems.Add($"{setting}:AuthenticationMethod: tls_client_auth needs MutualTls:TrustedCertificateAuthorities or TrustedCertificateAuthorityFiles.");
            if (client.ClientId.Length is 0 or > 256 || client.ClientId.AsSpan().ContainsAnyExceptInRange('!', '~'))
                _problems.Add($"{setting}:ClientId: '{client.ClientId}' is not 1 to 256 printable ASCII characters.");
            else if (!clients.TryAdd(client.ClientId, client))
                _problems.Add($"{setting}:ClientId: '{client.ClientId}' is there twice.");
        }
        return clients;
    }

    private IssuerClient BuildClient(string setting, IssuerClientOptions options, HoldfastIssuerOptions issuer,
        Dictionary<string, IssuerResource> resources, IReadOnlyList<string> assertionAlgorithms)
    {
        RegisteredKeys keys = default;
        byte[]? secretHash = null;
        switch (options.AuthenticationMethod)
        {
            case ClientAuthenticationMethods.PrivateKeyJwt or ClientAuthenticationMethods.SelfSignedTlsClientAuth:
                keys = RegisteredKeys.Read(setting, options, assertionAlgorithms, issuer.DangerouslyAllowInternalJwksUris, _problems);
                break;
            case ClientAuthenticationMethods.TlsClientAuth:
                if (options.Jwks is not null || options.JwksFile is not null || options.JwksUri is not null)
                    _problems.Add($"{setting}: keys have no use with {ClientAuthenticationMethods.TlsClientAuth}; remove Jwks, JwksFile and JwksUri.");
                break;
            case ClientAuthenticationMethods.ClientSecretBasic:
                if (!issuer.AllowClientSecretBasic)
                    _problems.Add($"{setting}:AuthenticationMethod: client_secret_basic is off; use private_key_jwt, or set AllowClientSecretBasic.");
                secretHash = ReadSecretHash(setting, options.ClientSecretSha256);
                break;
            default:
                _problems.Add($"{setting}:AuthenticationMethod: '{options.AuthenticationMethod}' is not private_key_jwt, tls_client_auth, self_signed_tls_client_auth or client_secret_basic.");
                break;
        }
        if (options.ClientSecretSha256 is not null && options.AuthenticationMethod != ClientAuthenticationMethods.ClientSecretBasic)
            _problems.Add($"{setting}:ClientSecretSha256: has no use with {options.AuthenticationMethod}; remove it.");
        CheckScopes(setting, options.Scopes);
        // MTLS-29, RFC 8705 §3.4; DPOP-AS-14, RFC 9449 §5.2: what the client registered; and unless both are off, one binding at least.
        bool isCertificateBound = options.TlsClientCertificateBoundAccessTokens ?? ClientAuthenticationMethods.IsByCertificate(options.AuthenticationMethod);
        return new IssuerClient
        {
            ClientId = options.ClientId,
            AuthenticationMethod = options.AuthenticationMethod,
            Keys = keys.Fixed,
            JwksUri = keys.Uri,
            Subject = RegisteredSubject.Read(setting, options, _problems),
            SecretHash = secretHash,
            CertificateBoundAccessTokens = isCertificateBound,
            DPoPBoundAccessTokens = options.DPoPBoundAccessTokens ?? !isCertificateBound,
            Scopes = [.. options.Scopes.Distinct(StringComparer.Ordinal)],
            Resources = ResolveResources(setting, options, resources),
        };
    }

    private List<IssuerResource> ResolveResources(string setting, IssuerClientOptions options, Dictionary<string, IssuerResource> resources)
    {
        var resolved = new List<IssuerResource>();
        if (options.Resources.Count == 0)
            _problems.Add($"{setting}:Resources: none; name at least one resource that the client may call.");
        foreach (string identifier in options.Resources)
        {
            if (!resources.TryGetValue(ResourceIdentifier.Key(identifier), out IssuerResource? resource))
            {
                _problems.Add($"{setting}:Resources: '{identifier}' is not among Resources.");
                continue;
            }
            resolved.Add(resource);
            // A client that shares no scope with a resource could never get a token for it.
            if (resource.Scopes.Count > 0 && !resource.Scopes.Intersect(options.Scopes, StringComparer.Ordinal).Any())
                _problems.Add($"{setting}:Scopes: none of them is known at '{identifier}' ({string.Join(' ', resource.Scopes)}).");
        }
        return [.. resolved.Distinct()];
    }

    private byte[]? ReadSecretHash(string setting, string? hex)
    {
        if (hex is { Length: 64 } && hex.All(char.IsAsciiHexDigit))
            return Convert.FromHexString(hex);
        _problems.Add($"{setting}:ClientSecretSha256: must be the SHA-256 of the secret, 64 hexadecimal digits.");
        return null;
    }

    private void CheckScopes(string setting, IList<string> scopes)
    {
        foreach (string scope in scopes.Where(scope => !ScopeToken.IsValid(scope)))
            _problems.Add($"{setting}:Scopes: '{scope}' is not a scope (RFC 6749 §3.3: printable ASCII without space, quote and backslash).");
    }
}
