namespace Holdfast.Issuer;

/// <summary>Which resource and which scopes a client gets (RFC 8707 §2, RFC 6749 §3.3): one resource a token, and nothing it has no claim to.</summary>
internal static class GrantPolicy
{
    /// <summary>True and what is granted, or false and the refusal.</summary>
    public static bool TryGrant(IssuerSnapshot snapshot, IssuerClient client, IssuerForm form, out IssuerResource resource, out string scope,
        out Refusal? refusal)
    {
        scope = "";
        return TryPickResource(snapshot, client, form.Resources, out resource, out refusal)
            && TryPickScope(client, resource, form.Scope, out scope, out refusal);
    }

    // AT-06, RFC 9068 §3: never a token whose scopes fit several audiences; so one resource, named or the only one.
    private static bool TryPickResource(IssuerSnapshot snapshot, IssuerClient client, IReadOnlyList<string> requested, out IssuerResource resource,
        out Refusal? refusal)
    {
        // One without a resource never gets as far as using this.
        resource = client.Resources.Count > 0 ? client.Resources[0] : new IssuerResource("", []);
        refusal = null;
        string Allowed() => string.Join(' ', client.Resources.Select(allowed => allowed.Identifier));
        if (requested.Count == 0)
        {
            if (client.Resources.Count != 1)
                refusal = new(VerificationFailure.ResourceNotAllowed, $"a resource parameter, one of: {Allowed()}", "none");
            return refusal is null;
        }
        IssuerResource?[] named = [.. requested.Select(name => snapshot.Resources.GetValueOrDefault(ResourceIdentifier.Key(name))).Distinct()];
        if (named is [{ } only] && client.Resources.Contains(only))
            resource = only;
        else
            refusal = new(VerificationFailure.ResourceNotAllowed, $"one of: {Allowed()}", Printable.From(string.Join(' ', requested)));
        return refusal is null;
    }

    // AT-04, RFC 9068 §2.2.3: every scope means something to the audience, and the client may have it.
    private static bool TryPickScope(IssuerClient client, IssuerResource resource, string? requested, out string scope, out Refusal? refusal)
    {
        IEnumerable<string> allowed = resource.Scopes.Intersect(client.Scopes, StringComparer.Ordinal);
        refusal = null;
        scope = string.Join(' ', allowed);
        if (requested is null)
            return true;
        if (ScopeToken.ParseList(requested) is { } tokens && tokens.All(token => allowed.Contains(token, StringComparer.Ordinal)))
            scope = string.Join(' ', tokens);
        else
            refusal = new(VerificationFailure.ScopeNotAllowed, $"among: {scope}", Printable.From(requested));
        return refusal is null;
    }
}
