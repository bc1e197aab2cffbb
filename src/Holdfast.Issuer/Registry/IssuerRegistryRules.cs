using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>What this issuer demands of an entry: that it could serve it.</summary>
internal sealed class IssuerRegistryRules(IssuerConfig config) : IRegistryRules
{
    public IReadOnlyList<string> Check(Client client, bool hasSecret, IReadOnlyList<Resource> resources)
    {
        ArgumentNullException.ThrowIfNull(client);
        var problems = new List<string>();
        if (config.Clients.ContainsKey(client.ClientId))
            problems.Add($"client_id: '{client.ClientId}' is a client of the issuer's settings; change it there.");
        config.ClientCompiler.Compile("client", "client", client, null, Compile(resources, []), problems);
        return problems;
    }

    public IReadOnlyList<string> Check(Resource resource, IReadOnlyList<Resource> others)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var problems = new List<string>();
        ResourceCompiler.Add(Compile(others, []), "resource", resource, problems);
        return problems;
    }

    private Dictionary<string, IssuerResource> Compile(IReadOnlyList<Resource> resources, List<string> problems)
    {
        var compiled = new Dictionary<string, IssuerResource>(config.Resources, StringComparer.Ordinal);
        foreach (Resource resource in resources)
            ResourceCompiler.Add(compiled, "resource", resource, problems);
        return compiled;
    }
}
