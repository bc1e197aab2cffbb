namespace Holdfast.Issuer;

/// <summary>What of a grant an access token is given: one of its resources, and of its scopes no more than were granted, are registered today, and are asked for.</summary>
internal readonly record struct GrantNarrowing(IssuerResource Resource, string Scope, bool SaysWhoSignedIn)
{
    /// <summary>The scope that asks for an ID token (OpenID Connect Core §3.1.2.1); it means nothing at a resource.</summary>
    private const string OpenId = "openid";

    /// <summary>True and what is given, or false and the refusal.</summary>
    public static bool TryNarrow(IssuerSnapshot snapshot, IssuerClient client, Grant grant, IssuerForm form, out GrantNarrowing narrowed, out Refusal? refusal)
    {
        narrowed = default;
        if (!TryPickResource(snapshot, client, grant, form.Resources, out IssuerResource resource, out refusal))
            return false;
        string[] granted = grant.Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] asked = granted;
        if (form.Scope is { } requested)
        {
            // RFC 6749 §6: the scope of a refresh is within the one that was granted; what it leaves out can be had the next time.
            if (ScopeToken.ParseList(requested) is not { } tokens || tokens.Except(granted, StringComparer.Ordinal).Any())
            {
                refusal = new(VerificationFailure.ScopeNotAllowed, $"among: {grant.Scope}", Printable.From(requested));
                return false;
            }
            asked = tokens;
        }
        // AT-04, RFC 9068 §2.2.3: every scope means something to the audience; and one that was taken from the client since is not given any more.
        string[] given = [.. asked.Where(scope => resource.Scopes.Contains(scope, StringComparer.Ordinal) && client.Scopes.Contains(scope, StringComparer.Ordinal))];
        // A token without a scope would be worth something to a resource that asks for none: what is left of a grant of scopes is never that.
        if (given.Length == 0 && resource.Scopes.Count > 0)
        {
            refusal = new(VerificationFailure.ScopeNotAllowed, $"a scope of {resource.Identifier} that was granted, and that the client may still have", "none");
            return false;
        }
        narrowed = new(resource, string.Join(' ', given), asked.Contains(OpenId, StringComparer.Ordinal) && client.Scopes.Contains(OpenId, StringComparer.Ordinal));
        return true;
    }

    // AT-06, RFC 9068 §3, RFC 8707 §2.2: one resource a token: of those that were granted, and that the client may still call.
    private static bool TryPickResource(IssuerSnapshot snapshot, IssuerClient client, Grant grant, IReadOnlyList<string> requested, out IssuerResource resource, out Refusal? refusal)
    {
        IssuerResource[] allowed = [.. grant.Resources.Select(snapshot.FindResource).OfType<IssuerResource>().Where(client.Resources.Contains).Distinct()];
        IssuerResource?[] named = requested.Count == 0 ? [.. allowed] : [.. requested.Select(snapshot.FindResource).Distinct()];
        bool isOne = named is [{ } only] && allowed.Contains(only);
        resource = isOne ? named[0]! : new IssuerResource("", []);
        refusal = isOne ? null : new(VerificationFailure.ResourceNotAllowed, $"one of: {string.Join(' ', allowed.Select(one => one.Identifier))}",
            requested.Count == 0 ? "none" : Printable.From(string.Join(' ', requested)));
        return isOne;
    }
}
