using System.Text.Json;
using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>What this issuer demands of an entry: what holds for every one, and that it could serve it. Members are told by their names in documents.</summary>
internal sealed class IssuerRegistryRules(IssuerConfig config) : IRegistryRules
{
    private const string ClientSetting = "client";
    private const string ResourceSetting = "resource";

    public IReadOnlyList<string> Check(Client client, bool hasSecret, IReadOnlyList<Resource> resources)
    {
        ArgumentNullException.ThrowIfNull(client);
        List<string> problems = [.. ClientRules.Check(client, config.ClientCompiler.AllowSecrets)];
        if (config.Clients.ContainsKey(client.ClientId))
            problems.Add($"client_id: '{client.ClientId}' is a client of the issuer's settings; change it there.");
        var served = new List<string>();
        config.ClientCompiler.Compile(ClientSetting, ClientSetting, client, null, Compile(resources, []), served);
        return Together(problems, served, ClientSetting);
    }

    public IReadOnlyList<string> Check(Resource resource, IReadOnlyList<Resource> others)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var served = new List<string>();
        ResourceCompiler.Add(Compile(others, []), ResourceSetting, resource, served);
        return Together([.. ResourceRules.Check(resource, others)], served, ResourceSetting);
    }

    // One sentence a member is enough: what is malformed cannot be served either.
    private static List<string> Together(List<string> problems, List<string> served, string setting)
    {
        var told = new HashSet<string>(problems.Select(MemberOf), StringComparer.Ordinal);
        problems.AddRange(served.Select(problem => InDocumentWords(problem, setting)).Where(problem => !told.Contains(MemberOf(problem))));
        return problems;
    }

    private static string MemberOf(string problem) => problem.Split(':', 2)[0];

    // 'client:JwksUri: …' is said of settings; in a document it is jwks_uri.
    private static string InDocumentWords(string problem, string setting)
    {
        if (!problem.StartsWith(setting + ":", StringComparison.Ordinal) || problem.IndexOf(": ", StringComparison.Ordinal) is var end && end <= setting.Length)
            return problem;
        string[] parts = problem[(setting.Length + 1)..end].Split(':');
        string member = parts[0] == "AuthenticationMethod" ? "token_endpoint_auth_method" : JsonNamingPolicy.SnakeCaseLower.ConvertName(parts[0]);
        return member + problem[end..];
    }

    private Dictionary<string, IssuerResource> Compile(IReadOnlyList<Resource> resources, List<string> problems)
    {
        var compiled = new Dictionary<string, IssuerResource>(config.Resources, StringComparer.Ordinal);
        foreach (Resource resource in resources)
            ResourceCompiler.Add(compiled, ResourceSetting, resource, problems);
        return compiled;
    }
}
