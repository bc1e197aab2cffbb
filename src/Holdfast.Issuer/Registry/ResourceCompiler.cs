using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>Adds resources to those that clients can name.</summary>
internal static class ResourceCompiler
{
    /// <summary>Adds a resource by each of its names, or says what is wrong with it.</summary>
    public static void Add(Dictionary<string, IssuerResource> resources, string setting, Resource resource, List<string> problems)
    {
        foreach (string scope in resource.Scopes.Where(scope => !ScopeToken.IsValid(scope)))
            problems.Add($"{setting}:Scopes: '{scope}' is not a scope (RFC 6749 §3.3: printable ASCII without space, quote and backslash).");
        var compiled = new IssuerResource(resource.Identifier, [.. resource.Scopes.Distinct(StringComparer.Ordinal)]);
        AddName(resources, compiled, $"{setting}:Identifier", resource.Identifier, problems);
        for (int i = 0; i < resource.AlternateIdentifiers.Count; i++)
            AddName(resources, compiled, FormattableString.Invariant($"{setting}:AlternateIdentifiers:{i}"), resource.AlternateIdentifiers[i], problems);
    }

    private static void AddName(Dictionary<string, IssuerResource> resources, IssuerResource resource, string setting, string identifier, List<string> problems)
    {
        if (!ResourceIdentifier.IsValid(identifier))
            problems.Add($"{setting}: '{identifier}' is not an absolute URI without fragment (RFC 8707 §2).");
        // AT-12, RFC 9068 §5: every resource of an issuer has its own audience, and a name means one of them.
        else if (!resources.TryAdd(ResourceIdentifier.Key(identifier), resource))
            problems.Add($"{setting}: '{identifier}' is there twice.");
    }
}
