using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>Turns options into the configuration, or says everything that is wrong with them.</summary>
internal sealed class IssuerConfigBuilder
{
    private static readonly TimeSpan ShortestToken = TimeSpan.FromMinutes(1);
    internal static readonly TimeSpan LongestToken = TimeSpan.FromHours(1);

    private static readonly TimeSpan ShortestGrant = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestIdle = TimeSpan.FromDays(366);
    private static readonly TimeSpan LongestGrant = TimeSpan.FromDays(5 * 366);

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
            _problems.Add("DataDirectory: not set; name the directory that keeps the key ring of the signing keys.");
        if (options.AccessTokenLifetime < ShortestToken || options.AccessTokenLifetime > LongestToken)
            _problems.Add($"AccessTokenLifetime: {options.AccessTokenLifetime} is outside 1 minute to 1 hour.");
        if (options.RefreshTokenIdleLifetime < ShortestGrant || options.RefreshTokenIdleLifetime > LongestIdle)
            _problems.Add($"RefreshTokenIdleLifetime: {options.RefreshTokenIdleLifetime} is outside 1 hour to 1 year.");
        if (options.GrantLifetime < ShortestGrant || options.GrantLifetime > LongestGrant)
            _problems.Add($"GrantLifetime: {options.GrantLifetime} is outside 1 hour to 5 years.");
        if (!Enum.IsDefined(options.Profile))
            _problems.Add($"Profile: '{options.Profile}' is not one of Default, Fapi2.");
        if (options.NonceMode is { } mode && !Enum.IsDefined(mode))
            _problems.Add($"NonceMode: '{mode}' is not one of Always, OnDemand, Off.");
        options.RateLimits.Check(_problems);
        _problems.AddRange(ProfileRules.Problems(options));
        Dictionary<string, IssuerResource> resources = BuildResources(options.Resources);
        IReadOnlyList<string> assertionAlgorithms = CheckAlgorithms(nameof(options.AssertionAlgorithms), options.AssertionAlgorithms, options.Profile);
        var mutualTls = MutualTlsConfig.Build(options, _problems);
        var compiler = new ClientCompiler(assertionAlgorithms, options.AllowClientSecrets, options.DangerouslyAllowInternalJwksUris, mutualTls.Anchors.Count > 0, options.Profile);
        return new IssuerConfig
        {
            Issuer = options.Issuer,
            Path = path,
            AuthorizationEndpoint = baseUrl + IssuerPaths.Authorization,
            PushedAuthorizationRequestEndpoint = baseUrl + IssuerPaths.PushedAuthorizationRequest,
            PushedAuthorizationTargets = [.. Targets(IssuerPaths.PushedAuthorizationRequest, baseUrl, mutualTls.BaseUrl)],
            TokenEndpoint = tokenEndpoint,
            IntrospectionEndpoint = baseUrl + IssuerPaths.Introspection,
            RevocationEndpoint = baseUrl + IssuerPaths.Revocation,
            JwksUri = baseUrl + IssuerPaths.Jwks,
            TokenTarget = tokenTarget,
            DataDirectory = options.DataDirectory,
            AccessTokenLifetime = options.AccessTokenLifetime,
            RefreshTokenIdleLifetime = options.RefreshTokenIdleLifetime,
            GrantLifetime = options.GrantLifetime,
            Profile = options.Profile,
            RequirePushedAuthorizationRequests = ProfileRules.RequiresPushing(options.Profile) || options.RequirePushedAuthorizationRequests,
            Keys = IssuerKeyConfig.Build(options, _problems),
            ProofPolicy = new DPoPProofPolicy
            {
                Algorithms = CheckAlgorithms(nameof(options.Algorithms), options.Algorithms, options.Profile),
                NonceMode = options.NonceMode ?? (options.SingleInstance ? NonceMode.OnDemand : NonceMode.Always),
            },
            AssertionAlgorithms = assertionAlgorithms,
            AllowClientSecrets = options.AllowClientSecrets,
            RateLimits = new(Math.Max(1, options.RateLimits.FailedAuthenticationsPerMinute), Math.Max(1, options.RateLimits.TokenRequestsPerMinute)),
            DangerouslyAllowHttp = options.DangerouslyAllowHttp,
            SingleInstance = options.SingleInstance,
            NoPredecessor = options.NoPredecessor,
            MutualTls = mutualTls,
            DangerouslyAllowInternalJwksUris = options.DangerouslyAllowInternalJwksUris,
            ClientCompiler = compiler,
            Clients = BuildClients(options.Clients, compiler, resources),
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

    // The token endpoint has been tried already: what follows the base is as plain as its own.
    private static IEnumerable<HttpTarget> Targets(string path, params string?[] baseUrls)
    {
        foreach (string baseUrl in baseUrls.OfType<string>())
        {
            if (HttpTarget.TryParse(baseUrl + path, out HttpTarget target))
                yield return target;
        }
    }

    // DPOP-AS-13, RFC 9449 §5.1: what is published is what is enforced, without none and MACs.
    private IReadOnlyList<string> CheckAlgorithms(string setting, IList<string>? algorithms, SecurityProfile profile)
    {
        if (algorithms is null)
            return ProfileRules.Allowed(profile, DPoPAlgorithms.Default);
        if (algorithms.Count == 0)
            _problems.Add($"{setting}: empty; leave it out for the default, or name at least one algorithm.");
        foreach (string algorithm in algorithms.Where(algorithm => !DPoPAlgorithms.Implemented.Contains(algorithm, StringComparer.Ordinal)))
            _problems.Add($"{setting}: '{algorithm}' is not one of {string.Join(", ", DPoPAlgorithms.Implemented)}.");
        return [.. algorithms.Distinct(StringComparer.Ordinal)];
    }

    private Dictionary<string, IssuerResource> BuildResources(IList<IssuerResourceOptions> options)
    {
        var resources = new Dictionary<string, IssuerResource>(StringComparer.Ordinal);
        for (int i = 0; i < options.Count; i++)
            ResourceCompiler.Add(resources, FormattableString.Invariant($"Resources:{i}"), options[i].ToResource(), _problems);
        return resources;
    }

    private Dictionary<string, IssuerClient> BuildClients(IList<IssuerClientOptions> options, ClientCompiler compiler, Dictionary<string, IssuerResource> resources)
    {
        var clients = new Dictionary<string, IssuerClient>(StringComparer.Ordinal);
        for (int i = 0; i < options.Count; i++)
        {
            string setting = FormattableString.Invariant($"Clients:{i}");
            IssuerClientOptions client = options[i];
            IssuerClient compiled = compiler.Compile(setting, $"{setting}:{client.KeysSetting}", client.ToClient(setting, _problems), ReadSecretHash(setting, client), resources, _problems);
            if (client.ClientId.Length is 0 or > 256 || client.ClientId.AsSpan().ContainsAnyExceptInRange('!', '~'))
                _problems.Add($"{setting}:ClientId: '{client.ClientId}' is not 1 to 256 printable ASCII characters.");
            else if (!clients.TryAdd(client.ClientId, compiled))
                _problems.Add($"{setting}:ClientId: '{client.ClientId}' is there twice.");
        }
        return clients;
    }

    private ClientSecretHash? ReadSecretHash(string setting, IssuerClientOptions client)
    {
        if (!ClientAuthenticationMethods.IsBySecret(client.AuthenticationMethod))
        {
            if (client.ClientSecretSha256 is not null)
                _problems.Add($"{setting}:ClientSecretSha256: has no use with {client.AuthenticationMethod}; remove it.");
            return null;
        }
        if (client.ClientSecretSha256 is { Length: 64 } hex && hex.All(char.IsAsciiHexDigit))
            return new(Convert.FromHexString(hex), IsSlow: false);
        _problems.Add($"{setting}:ClientSecretSha256: must be the SHA-256 of the secret, 64 hexadecimal digits.");
        return null;
    }
}
