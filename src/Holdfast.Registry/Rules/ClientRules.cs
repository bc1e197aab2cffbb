using System.Text.Json;

namespace Holdfast.Registry;

/// <summary>
/// What every client must be, whatever serves it: the checks that need neither keys nor a network. The issuer adds its own and calls these from its
/// <see cref="IRegistryRules"/>; so they are applied once, in one place, to clients of the registry and of the settings alike.
/// </summary>
public sealed class ClientRules
{
    private const int MaxIdentifier = 256;
    private const int MaxText = 200;
    private const int MaxEntries = 100;
    private const int MaxScope = 200;
    private const int MaxRedirectUris = 20;
    private const int MaxJwks = 64 * 1024;

    private readonly Client _client;
    private readonly bool _allowsSecrets;
    private readonly List<string> _problems = [];

    private ClientRules(Client client, bool allowsSecrets) => (_client, _allowsSecrets) = (client, allowsSecrets);

    /// <summary>Everything that is wrong with a client by itself: one sentence each, that begins with the member. Empty: nothing.</summary>
    /// <param name="client">The client as it would be.</param>
    /// <param name="allowsSecrets">Whether the issuer was told to allow shared secrets.</param>
    public static IReadOnlyList<string> Check(Client client, bool allowsSecrets)
    {
        ArgumentNullException.ThrowIfNull(client);
        var rules = new ClientRules(client, allowsSecrets);
        rules.Check();
        return rules._problems;
    }

    /// <summary>True for 1 to 256 printable ASCII characters.</summary>
    public static bool IsIdentifier(string? clientId) => clientId is { Length: > 0 and <= MaxIdentifier } && !clientId.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <summary>True where a client authenticates by a secret that the issuer knows as well.</summary>
    public static bool UsesSecret(Client client) => client.AuthenticationMethod is ClientMethods.SecretBasic or ClientMethods.SecretPost;

    private void Check()
    {
        if (!IsIdentifier(_client.ClientId))
            _problems.Add($"client_id: must be 1 to {MaxIdentifier} printable ASCII characters.");
        CheckText("client_name", _client.Name, isRequired: false);
        CheckOwner("owners.identity", _client.Owners.Identity);
        CheckOwner("owners.platform", _client.Owners.Platform);
        CheckOwner("owners.application", _client.Owners.Application);
        CheckWords();
        CheckMethod();
        CheckKeys();
        CheckSubject();
        CheckGrants();
        CheckPathKind();
        CheckRedirectUris();
        CheckLists();
    }

    private void CheckText(string member, string? text, bool isRequired)
    {
        if (text is null && !isRequired)
            return;
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxText || text.Any(char.IsControl))
            _problems.Add($"{member}: must be 1 to {MaxText} characters on one line.");
    }

    private void CheckOwner(string member, Owner? owner)
    {
        if (owner is null)
            return;
        CheckText($"{member}.team", owner.Team, isRequired: true);
        CheckText($"{member}.contact", owner.Contact, isRequired: true);
    }

    // A number in place of a word reads as one that does not exist.
    private void CheckWords()
    {
        if (!Enum.IsDefined(_client.State))
            _problems.Add("state: is none of active, disabled, offboarded.");
        if (_client.PathKind is { } kind && !Enum.IsDefined(kind))
            _problems.Add("path_kind: is none of browser, mobile, behind_gateway, backend_to_backend.");
        if (_client.Profile is { } profile && !Enum.IsDefined(profile))
            _problems.Add("profile: is none of default, fapi2.");
    }

    private void CheckMethod()
    {
        if (!ClientMethods.All.Contains(_client.AuthenticationMethod, StringComparer.Ordinal))
            _problems.Add($"token_endpoint_auth_method: '{_client.AuthenticationMethod}' is none of {string.Join(", ", ClientMethods.All)}.");
        else if (UsesSecret(_client) && !_allowsSecrets)
            _problems.Add($"token_endpoint_auth_method: {_client.AuthenticationMethod} is off at this issuer; use private_key_jwt or a certificate, or have its operator allow shared secrets.");
    }

    // AT-64, RFC 7591 §2: jwks and jwks_uri are never both present; and one of them is where the method compares keys.
    private void CheckKeys()
    {
        bool needsKeys = _client.AuthenticationMethod is ClientMethods.PrivateKeyJwt or ClientMethods.SelfSignedTlsClientAuth;
        if (!ClientMethods.All.Contains(_client.AuthenticationMethod, StringComparer.Ordinal))
            return;
        switch (_client.Jwks is not null, _client.JwksUri is not null)
        {
            case (true, true):
                _problems.Add("jwks: set jwks or jwks_uri, not both (RFC 7591 §2).");
                break;
            case (false, false) when needsKeys:
                _problems.Add($"jwks: missing; {_client.AuthenticationMethod} needs the client's public keys, as jwks or at a jwks_uri.");
                break;
            case (true, false) or (false, true) when !needsKeys:
                _problems.Add($"{(_client.Jwks is null ? "jwks_uri" : "jwks")}: has no use with {_client.AuthenticationMethod}; remove it.");
                break;
        }
        if (_client.Jwks is { } jwks && !IsKeySet(jwks))
            _problems.Add($"jwks: is not a JWK set of at most {MaxJwks / 1024} KB: {{\"keys\": […]}}.");
        if (_client.JwksUri is { } uri && (!Uri.TryCreate(uri, UriKind.Absolute, out Uri? parsed) || parsed.Scheme != Uri.UriSchemeHttps || parsed.UserInfo.Length > 0
            || parsed.Fragment.Length > 0 || uri.Length > 2048 || uri.AsSpan().ContainsAnyExceptInRange('!', '~')))
            _problems.Add($"jwks_uri: '{uri}' is not an absolute https URL.");
    }

    private static bool IsKeySet(string jwks)
    {
        if (jwks.Length > MaxJwks)
            return false;
        try
        {
            using JsonDocument document = JsonDocument.Parse(jwks, new JsonDocumentOptions { MaxDepth = 8 });
            return document.RootElement is { ValueKind: JsonValueKind.Object } set && set.TryGetProperty("keys", out JsonElement keys) && keys.ValueKind == JsonValueKind.Array;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // MTLS-07, RFC 8705 §2.1.2: exactly one name in the certificate.
    private void CheckSubject()
    {
        int count = new[] { _client.TlsClientAuthSubjectDn, _client.TlsClientAuthSanDns, _client.TlsClientAuthSanUri, _client.TlsClientAuthSanIp, _client.TlsClientAuthSanEmail }
            .Count(name => name is not null);
        if (_client.AuthenticationMethod == ClientMethods.TlsClientAuth && count != 1)
            _problems.Add("tls_client_auth_subject_dn: for tls_client_auth, set exactly one of tls_client_auth_subject_dn, _san_dns, _san_uri, _san_ip and _san_email (RFC 8705 §2.1.2).");
        else if (_client.AuthenticationMethod != ClientMethods.TlsClientAuth && count > 0)
            _problems.Add($"tls_client_auth_subject_dn: names in certificates have no use with {_client.AuthenticationMethod}; remove them.");
    }

    private void CheckGrants()
    {
        if (_client.GrantTypes.Count == 0)
            _problems.Add("grant_types: none; name at least one, or leave it out for client_credentials.");
        foreach (string? grant in _client.GrantTypes.Where(grant => !ClientMethods.Grants.Contains(grant, StringComparer.Ordinal)))
            _problems.Add($"grant_types: '{grant}' is none of {string.Join(", ", ClientMethods.Grants)}.");
        if (Has(ClientMethods.RefreshToken) && !Has(ClientMethods.AuthorizationCode))
            _problems.Add("grant_types: refresh_token comes with authorization_code only.");
        // RFC 6749 §4.4: client credentials are of confidential clients only.
        if (IsPublic && Has(ClientMethods.ClientCredentials))
            _problems.Add("grant_types: a client that does not authenticate gets no client_credentials (RFC 6749 §4.4).");
    }

    // RFC 9700 §2.5, RFC 8252 §8.4: what everybody has a copy of keeps no secret.
    private void CheckPathKind()
    {
        if (_client.PathKind is not (PathKind.Browser or PathKind.Mobile))
            return;
        string kind = _client.PathKind == PathKind.Browser ? "browser" : "mobile";
        if (!IsPublic)
            _problems.Add($"path_kind: a {kind} client cannot keep a key or secret of its own; its token_endpoint_auth_method is none.");
        if (!IsPublic && Has(ClientMethods.ClientCredentials))
            _problems.Add($"path_kind: a {kind} client gets no client_credentials.");
    }

    private void CheckRedirectUris()
    {
        if (Has(ClientMethods.AuthorizationCode) && _client.RedirectUris.Count == 0)
            _problems.Add("redirect_uris: none; authorization_code needs at least one.");
        if (!Has(ClientMethods.AuthorizationCode) && _client.RedirectUris.Count > 0)
            _problems.Add("redirect_uris: have no use without authorization_code; remove them.");
        if (_client.RedirectUris.Count > MaxRedirectUris)
            _problems.Add($"redirect_uris: more than {MaxRedirectUris}.");
        foreach (string? uri in _client.RedirectUris.Take(MaxRedirectUris))
        {
            if (RedirectUri.Problem(uri, _client.PathKind) is { } problem)
                _problems.Add($"redirect_uris: '{uri}' {problem}.");
        }
    }

    private void CheckLists()
    {
        CheckEach("scopes", _client.Scopes, scope => ScopeToken.IsValid(scope) && scope!.Length <= MaxScope, "is not a scope (RFC 6749 §3.3: printable ASCII without space, quote and backslash)");
        CheckEach("resources", _client.Resources, ResourceIdentifier.IsValid, "is not an absolute URI without fragment (RFC 8707 §2)");
        CheckEach("introspects", _client.Introspects, ResourceIdentifier.IsValid, "is not an absolute URI without fragment (RFC 8707 §2)");
    }

    private void CheckEach(string member, IReadOnlyList<string> values, Func<string?, bool> isValid, string problem)
    {
        if (values.Count > MaxEntries)
            _problems.Add($"{member}: more than {MaxEntries}.");
        foreach (string? value in values.Take(MaxEntries).Where(value => !isValid(value)))
            _problems.Add($"{member}: '{value}' {problem}.");
    }

    private bool IsPublic => _client.AuthenticationMethod == ClientMethods.None;

    private bool Has(string grant) => _client.GrantTypes.Contains(grant, StringComparer.Ordinal);
}
