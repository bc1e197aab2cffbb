using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Admin;

/// <summary>The options of <c>clients add</c> and <c>clients set</c>, each one member of the registration. What is not given is left as it is.</summary>
internal sealed class ClientMembers
{
    private const int MaxJwks = 64 * 1024;
    private static readonly string[] OwnerKinds = ["identity", "platform", "application"];
    private static readonly string[] TlsNames = ["subject_dn", "san_dns", "san_uri", "san_ip", "san_email"];

    private readonly Option<string?> _name = new("--name") { Description = "What people are told it is called.", HelpName = "TEXT" };
    private readonly Option<string[]> _owner = new("--owner") { Description = "Who answers for it: identity, platform or application, then team and contact; 'identity=' removes one.", HelpName = "KIND=TEAM,CONTACT", DefaultValueFactory = _ => [] };
    private readonly Option<string?> _pathKind = new("--path-kind") { Description = "How its requests come.", HelpName = "KIND" };
    private readonly Option<string?> _auth = new("--auth") { Description = "How it authenticates (default: private_key_jwt).", HelpName = "METHOD" };
    private readonly Option<string?> _jwks = new("--jwks") { Description = "Its public keys: a JWK set.", HelpName = "FILE" };
    private readonly Option<string?> _jwksUri = new("--jwks-uri") { Description = "Where it publishes them, instead.", HelpName = "URL" };
    private readonly Option<string?> _tlsName = new("--tls-name") { Description = "For tls_client_auth: subject_dn, san_dns, san_uri, san_ip or san_email, and the name in its certificate.", HelpName = "KIND=NAME" };
    private readonly Option<string[]> _grant = new("--grant") { Description = "What it may ask for by (default: client_credentials); may be given several times.", HelpName = "TYPE", DefaultValueFactory = _ => [] };
    private readonly Option<string[]> _redirect = new("--redirect-uri") { Description = "Where codes are sent; may be given several times.", HelpName = "URI", DefaultValueFactory = _ => [] };
    private readonly Option<string?> _scope = new("--scope") { Description = "The scopes it may have, separated by spaces.", HelpName = "S" };
    private readonly Option<string[]> _resource = new("--resource") { Description = "What it may call; may be given several times.", HelpName = "URL", DefaultValueFactory = _ => [] };
    private readonly Option<string[]> _introspects = new("--introspects") { Description = "Whose tokens it may introspect; may be given several times.", HelpName = "URL", DefaultValueFactory = _ => [] };
    private readonly Option<bool?> _dpop = new("--dpop-bound") { Description = "Whether every token needs a proof (default: unless a certificate binds).", HelpName = "true|false" };
    private readonly Option<bool?> _certificate = new("--certificate-bound") { Description = "Whether every token is bound to its certificate.", HelpName = "true|false" };
    private readonly Option<bool?> _par = new("--require-par") { Description = "Whether authorization requests must be pushed.", HelpName = "true|false" };
    private readonly Option<bool?> _consent = new("--requires-consent") { Description = "Whether people are asked first (default: true).", HelpName = "true|false" };
    private readonly Option<string?> _profile = new("--profile") { Description = "default or fapi2.", HelpName = "PROFILE" };

    public Symbol[] Symbols => [_name, _owner, _pathKind, _auth, _jwks, _jwksUri, _tlsName, _grant, _redirect, _scope, _resource, _introspects, _dpop, _certificate, _par, _consent, _profile];

    /// <summary>Writes what was given into the document. All problems together.</summary>
    public void Apply(ParseResult parsed, JsonObject client, CliConsole console)
    {
        List<string> problems = [];
        Text(client, "client_name", parsed.GetValue(_name));
        foreach (string owner in parsed.GetRequiredValue(_owner))
            Owner(client, owner, problems);
        Text(client, "path_kind", parsed.GetValue(_pathKind)?.Replace('-', '_'));
        Text(client, "token_endpoint_auth_method", parsed.GetValue(_auth));
        if (parsed.GetValue(_jwks) is { } jwks)
        {
            client["jwks"] = Keys(jwks, console, problems);
            client.Remove("jwks_uri");
        }
        if (parsed.GetValue(_jwksUri) is { } uri)
        {
            client["jwks_uri"] = uri;
            if (parsed.GetValue(_jwks) is null)
                client.Remove("jwks");
        }
        TlsName(client, parsed.GetValue(_tlsName), problems);
        Texts(client, "grant_types", parsed.GetRequiredValue(_grant));
        Texts(client, "redirect_uris", parsed.GetRequiredValue(_redirect));
        if (parsed.GetValue(_scope) is { } scope)
            client["scopes"] = Array(scope.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Texts(client, "resources", parsed.GetRequiredValue(_resource));
        Texts(client, "introspects", parsed.GetRequiredValue(_introspects));
        Flag(client, "dpop_bound_access_tokens", parsed.GetValue(_dpop));
        Flag(client, "tls_client_certificate_bound_access_tokens", parsed.GetValue(_certificate));
        Flag(client, "require_pushed_authorization_requests", parsed.GetValue(_par));
        Flag(client, "requires_consent", parsed.GetValue(_consent));
        Text(client, "profile", parsed.GetValue(_profile));
        if (problems.Count > 0)
            throw new CliException(problems);
    }

    private static void Owner(JsonObject client, string text, List<string> problems)
    {
        string[] parts = text.Split('=', 2);
        if (parts.Length != 2 || !OwnerKinds.Contains(parts[0], StringComparer.Ordinal))
        {
            problems.Add($"--owner '{text}' is not identity=TEAM,CONTACT, or the same with platform or application.");
            return;
        }
        if (client["owners"] is not JsonObject owners)
            client["owners"] = owners = [];
        if (parts[1].Length == 0)
        {
            owners.Remove(parts[0]);
            return;
        }
        // The contact has no comma in it; a team may.
        int comma = parts[1].LastIndexOf(',');
        if (comma < 1 || comma == parts[1].Length - 1)
            problems.Add($"--owner '{text}' needs a team and a contact, with a comma between: {parts[0]}=Payments,payments@example.com.");
        else
            owners[parts[0]] = new JsonObject { ["team"] = parts[1][..comma].Trim(), ["contact"] = parts[1][(comma + 1)..].Trim() };
    }

    private static JsonObject? Keys(string path, CliConsole console, List<string> problems)
    {
        try
        {
            using FileStream file = File.OpenRead(console.FullPath(path));
            if (BoundedInput.Read(file, MaxJwks) is { } octets && JsonNode.Parse(octets) is JsonObject keys)
                return keys;
            problems.Add($"--jwks '{path}' is not a JWK set of at most {MaxJwks / 1024} KB.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            problems.Add($"--jwks '{path}' cannot be read: {failure.Message.TrimEnd('.')}.");
        }
        return null;
    }

    private static void TlsName(JsonObject client, string? text, List<string> problems)
    {
        if (text is null)
            return;
        string[] parts = text.Split('=', 2);
        if (parts.Length != 2 || parts[1].Length == 0 || !TlsNames.Contains(parts[0], StringComparer.Ordinal))
        {
            problems.Add($"--tls-name '{text}' is not {string.Join(", ", TlsNames)} and a name: san_dns=orders.example.com.");
            return;
        }
        foreach (string name in TlsNames)
            client.Remove($"tls_client_auth_{name}");
        client[$"tls_client_auth_{parts[0]}"] = parts[1];
    }

    private static void Text(JsonObject client, string member, string? value)
    {
        if (value is null)
            return;
        // An empty value takes a member away: no member may be empty.
        if (value.Length == 0)
            client.Remove(member);
        else
            client[member] = value;
    }

    private static void Texts(JsonObject client, string member, string[] values)
    {
        if (values.Length > 0)
            client[member] = Array(values.Where(value => value.Length > 0));
    }

    private static void Flag(JsonObject client, string member, bool? value)
    {
        if (value is { } flag)
            client[member] = flag;
    }

    private static JsonArray Array(IEnumerable<string> values) => [.. values.Select(value => (JsonNode)value)];
}
