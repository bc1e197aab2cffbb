namespace Holdfast.Registry;

/// <summary>What every resource must be, by itself and beside the others. The issuer calls it from its <see cref="IRegistryRules"/>.</summary>
public static class ResourceRules
{
    private const int MaxEntries = 100;
    private const int MaxScope = 200;
    private const int MaxName = 200;
    // It is the key of an index.
    private const int MaxIdentifier = 512;

    /// <summary>Everything that is wrong with a resource: one sentence each, that begins with the member. Empty: nothing.</summary>
    public static IReadOnlyList<string> Check(Resource resource, IReadOnlyList<Resource> others)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(others);
        List<string> problems = [];
        if (resource.Name is { } name && (string.IsNullOrWhiteSpace(name) || name.Length > MaxName || name.Any(char.IsControl)))
            problems.Add($"name: must be 1 to {MaxName} characters on one line.");
        if (resource.Scopes.Count > MaxEntries)
            problems.Add($"scopes: more than {MaxEntries}.");
        foreach (string? scope in resource.Scopes.Take(MaxEntries).Where(scope => !ScopeToken.IsValid(scope) || scope.Length > MaxScope))
            problems.Add($"scopes: '{scope}' is not a scope (RFC 6749 §3.3: printable ASCII without space, quote and backslash).");
        if (resource.AlternateIdentifiers.Count > MaxEntries)
            problems.Add($"alternate_identifiers: more than {MaxEntries}.");
        if (resource.Identifier.Length > MaxIdentifier)
            problems.Add($"identifier: is longer than {MaxIdentifier} characters.");
        CheckNames(resource, others, problems);
        return problems;
    }

    // AT-12, RFC 9068 §5: every resource of an issuer has its own audience, and a name means one of them.
    private static void CheckNames(Resource resource, IReadOnlyList<Resource> others, List<string> problems)
    {
        var taken = new HashSet<string>(others.SelectMany(Names).Where(ResourceIdentifier.IsValid).Select(ResourceIdentifier.Key), StringComparer.Ordinal);
        foreach ((string member, string? identifier) in Names(resource).Take(MaxEntries + 1).Select((name, index) => (index == 0 ? "identifier" : "alternate_identifiers", name)))
        {
            if (!ResourceIdentifier.IsValid(identifier))
                problems.Add($"{member}: '{identifier}' is not an absolute URI without fragment (RFC 8707 §2).");
            else if (!taken.Add(ResourceIdentifier.Key(identifier)))
                problems.Add($"{member}: '{identifier}' is the name of a resource already.");
        }
    }

    private static IEnumerable<string> Names(Resource resource) => [resource.Identifier, .. resource.AlternateIdentifiers];
}
