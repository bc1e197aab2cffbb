using System.Buffers;
using System.Globalization;

namespace Holdfast.Issuer;

/// <summary>Turns options into the configuration, or says everything that is wrong with them.</summary>
internal sealed class IssuerConfigBuilder
{
    private static readonly TimeSpan ShortestToken = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestToken = TimeSpan.FromHours(1);

    private static readonly SearchValues<char> PlainPath =
        SearchValues.Create("/-._~ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

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
            Clients = BuildClients(options, resources, assertionAlgorithms),
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
        if (!Uri.TryCreate(options.Issuer, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("https" or "http")
            || options.Issuer.AsSpan().ContainsAnyExceptInRange('!', '~') || uri.UserInfo.Length > 0)
        {
            _problems.Add($"Issuer: '{options.Issuer}' is not an absolute https URL.");
            return "";
        }
        if (options.Issuer.AsSpan().ContainsAny('?', '#'))
            _problems.Add($"Issuer: '{options.Issuer}' has a query or fragment (RFC 8414 §2).");
        if (!HttpsRule.Allows(uri, options.DangerouslyAllowHttp))
            _problems.Add($"Issuer: '{options.Issuer}' is plain http; use https, or a loopback host for trying things out.");
        string path = uri.AbsolutePath.TrimEnd('/');
        // The path becomes part of routes, so it keeps to characters that mean themselves there.
        if (path.AsSpan().ContainsAnyExcept(PlainPath)
            || path.Contains("//", StringComparison.Ordinal) || options.Issuer.Split('/')[3..].Any(segment => segment is "." or "..")
            || !options.Issuer.TrimEnd('/').EndsWith(path, StringComparison.Ordinal))
            _problems.Add($"Issuer: the path of '{options.Issuer}' may hold plain segments of letters, digits, '-', '.', '_' and '~' only.");
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
            string identifier = options[i].Identifier;
            CheckScopes(setting, options[i].Scopes);
            if (!ResourceIdentifier.IsValid(identifier))
                _problems.Add($"{setting}:Identifier: '{identifier}' is not an absolute URI without fragment (RFC 8707 §2).");
            // AT-12, RFC 9068 §5: every resource of an issuer has its own audience.
            else if (!resources.TryAdd(ResourceIdentifier.Key(identifier), new(identifier, [.. options[i].Scopes.Distinct(StringComparer.Ordinal)])))
                _problems.Add($"{setting}:Identifier: '{identifier}' is there twice.");
        }
        return resources;
    }

    private Dictionary<string, IssuerClient> BuildClients(HoldfastIssuerOptions options,
        Dictionary<string, IssuerResource> resources, IReadOnlyList<string> assertionAlgorithms)
    {
        var clients = new Dictionary<string, IssuerClient>(StringComparer.Ordinal);
        for (int i = 0; i < options.Clients.Count; i++)
        {
            string setting = $"Clients:{i.ToString(CultureInfo.InvariantCulture)}";
            IssuerClient client = BuildClient(setting, options.Clients[i], options.AllowClientSecretBasic, resources, assertionAlgorithms);
            if (client.ClientId.Length is 0 or > 256 || client.ClientId.AsSpan().ContainsAnyExceptInRange('!', '~'))
                _problems.Add($"{setting}:ClientId: '{client.ClientId}' is not 1 to 256 printable ASCII characters.");
            else if (!clients.TryAdd(client.ClientId, client))
                _problems.Add($"{setting}:ClientId: '{client.ClientId}' is there twice.");
        }
        return clients;
    }

    private IssuerClient BuildClient(string setting, IssuerClientOptions options, bool allowSecrets,
        Dictionary<string, IssuerResource> resources, IReadOnlyList<string> assertionAlgorithms)
    {
        IReadOnlyList<ClientKey> keys = [];
        byte[]? secretHash = null;
        switch (options.AuthenticationMethod)
        {
            case ClientAuthenticationMethods.PrivateKeyJwt:
                if (options.ClientSecretSha256 is not null)
                    _problems.Add($"{setting}:ClientSecretSha256: has no use with {ClientAuthenticationMethods.PrivateKeyJwt}; remove it.");
                keys = ClientKeys.Read(setting, options, assertionAlgorithms, _problems);
                break;
            case ClientAuthenticationMethods.ClientSecretBasic:
                if (!allowSecrets)
                    _problems.Add($"{setting}:AuthenticationMethod: client_secret_basic is off; use private_key_jwt, or set AllowClientSecretBasic.");
                secretHash = ReadSecretHash(setting, options.ClientSecretSha256);
                break;
            default:
                _problems.Add($"{setting}:AuthenticationMethod: '{options.AuthenticationMethod}' is not private_key_jwt or client_secret_basic.");
                break;
        }
        CheckScopes(setting, options.Scopes);
        return new IssuerClient
        {
            ClientId = options.ClientId,
            AuthenticationMethod = options.AuthenticationMethod,
            Keys = keys,
            SecretHash = secretHash,
            DPoPBoundAccessTokens = options.DPoPBoundAccessTokens,
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
