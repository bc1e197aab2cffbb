using Holdfast.Cli.Client;
using Holdfast.Cli.Output;
using Holdfast.Cli.Up;

namespace Holdfast.Cli.Explain;

/// <summary>What the command line says about how to judge.</summary>
internal sealed record ExplainRequest
{
    public string? JwksFile { get; init; }
    public string? Issuer { get; init; }
    public string? Up { get; init; }
    public string? Audience { get; init; }
    public string? Origin { get; init; }
    public string? NonceKey { get; init; }
    public string? CertificateFile { get; init; }
    public string? Forwarded { get; init; }
    public string? ForwardedField { get; init; }
    public int? XfccHops { get; init; }
    public VerifierRole? Role { get; init; }
    public DateTimeOffset? At { get; init; }
}

/// <summary>Whom to trust and as whom to judge, from the command line, the input, and a running <c>up</c>, in this order.</summary>
internal sealed record ExplainTrust
{
    public required string Issuer { get; init; }
    public required string Audience { get; init; }
    public required IReadOnlyList<string> Origins { get; init; }
    public required string? KeySet { get; init; }

    /// <summary>True where nobody said which keys to trust.</summary>
    public required bool LacksKeys { get; init; }
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Puts it together; may ask an issuer for its keys.</summary>
    public static async Task<ExplainTrust> ResolveAsync(ExplainCase input, ExplainRequest asked, VerifierRole role, CliConsole console, CancellationToken cancellationToken)
    {
        List<string> notes = [];
        ExplainPolicy policy = input.Policy;
        UpDocument? up = FindUp(input, asked, console, notes);
        string? issuer = asked.Issuer ?? policy.Issuer ?? up?.Issuer;
        string? audience = asked.Audience ?? policy.Audience ?? up?.Audience;
        bool isResource = role == VerifierRole.ResourceServer;
        string? keySet = isResource ? await FindKeysAsync(policy, asked, issuer, up, console, cancellationToken) : null;
        bool lacksKeys = isResource && keySet is null && !policy.HasNoKeys && policy.OpaqueJkt is null;
        if (isResource && policy.OpaqueJkt is null && (issuer is null || audience is null))
        {
            (string? iss, string? aud) = ClaimsOf(input.Request);
            if (issuer is null)
                notes.Add("No issuer was named, so the token's own iss is taken for the right one; give --issuer.");
            if (audience is null)
                notes.Add("No audience was named, so the token's own aud is taken for the right one; give --audience.");
            (issuer, audience) = (issuer ?? iss, audience ?? aud);
        }
        if (lacksKeys)
            notes.Add("The token cannot be verified without the keys of its issuer: give --issuer URL, --jwks FILE, or --up DIR of a running 'holdfast up'.");
        return new ExplainTrust
        {
            Issuer = issuer ?? "",
            Audience = audience ?? "",
            Origins = FindOrigins(input, asked, up, role, notes),
            KeySet = keySet,
            LacksKeys = lacksKeys,
            Notes = notes,
        };
    }

    private static UpDocument? FindUp(ExplainCase input, ExplainRequest asked, CliConsole console, List<string> notes)
    {
        if (asked.Up is not null)
            return UpFile.Read(console, asked.Up);
        bool isAnswered = asked.JwksFile is not null || asked.Issuer is not null || input.Policy != new ExplainPolicy();
        if (isAnswered || !File.Exists(UpFile.Locate(console, null)))
            return null;
        notes.Add($"Issuer, audience and origins are those of the 'holdfast up' of {UpOptions.DefaultDirectory}.");
        return UpFile.Read(console, null);
    }

    private static async Task<string?> FindKeysAsync(ExplainPolicy policy, ExplainRequest asked, string? issuer, UpDocument? up, CliConsole console, CancellationToken cancellationToken)
    {
        if (asked.JwksFile is { } file)
        {
            try
            {
                return await File.ReadAllTextAsync(console.FullPath(file), cancellationToken);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new CliException($"--jwks '{file}' cannot be read: {failure.Message.TrimEnd('.')}.", failure);
            }
        }
        if (asked.Issuer is null && asked.Up is null && (policy.IssuerKeys is not null || policy.HasNoKeys || policy.OpaqueJkt is not null))
            return policy.IssuerKeys;
        return asked.Issuer is not null || up is not null ? await IssuerKeysOverHttp.FetchAsync(issuer!, cancellationToken) : null;
    }

    // DPOP-V-21: declared origins decide; what the message says of itself is the last resort, and is said.
    private static IReadOnlyList<string> FindOrigins(ExplainCase input, ExplainRequest asked, UpDocument? up, VerifierRole role, List<string> notes)
    {
        if (asked.Origin is { } origin)
            return [origin.TrimEnd('/')];
        if (input.Policy.Origins is { } origins)
            return origins;
        if (up is not null && role == VerifierRole.AuthorizationServer)
            return [up.Issuer];
        if (up is not null)
            return [up.Resource, up.Resource.Replace("//localhost:", "//127.0.0.1:", StringComparison.Ordinal)];
        if (input.Request.Origin is not { } own)
            return [];
        if (input.Policy == new ExplainPolicy())
            notes.Add($"No public origin was named, so {own} is taken for it; give --origin.");
        return [own];
    }

    private static (string? Iss, string? Aud) ClaimsOf(CapturedRequest request)
    {
        string token = request.Field("Authorization").Single?.Split(' ', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "";
        if (JwtText.Decode(token) is not { } decoded)
            return (null, null);
        System.Text.Json.Nodes.JsonNode? aud = decoded.Claims["aud"] is System.Text.Json.Nodes.JsonArray { Count: > 0 } many ? many[0] : decoded.Claims["aud"];
        return (TextOf(decoded.Claims["iss"]), TextOf(aud));
    }

    private static string? TextOf(System.Text.Json.Nodes.JsonNode? node) =>
        node is System.Text.Json.Nodes.JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
