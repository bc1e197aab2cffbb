namespace Holdfast.Issuer;

/// <summary>What an authorization request asks for: at which resources, and which scopes. Each access token that comes of it is for one of them (RFC 8707 §2.2).</summary>
internal readonly record struct RequestedAccess(IReadOnlyList<IssuerResource> Resources, IReadOnlyList<string> Scopes)
{
    /// <summary>True and what is asked for, or false and why the client may not have it.</summary>
    public static bool TryRead(IssuerSnapshot snapshot, IssuerClient client, AuthorizationRequest request, out RequestedAccess access, out Refusal? refusal)
    {
        access = new([], []);
        if (!TryPickResources(snapshot, client, request.Resources, out IReadOnlyList<IssuerResource> resources, out refusal))
            return false;
        string[] known = [.. resources.SelectMany(resource => resource.Scopes).Intersect(client.Scopes, StringComparer.Ordinal)];
        bool mayOpenId = client.Scopes.Contains(AuthorizationRequestRules.OpenId, StringComparer.Ordinal);
        string[]? scopes = request.Scope is null ? known : ScopeToken.ParseList(request.Scope);
        // AT-04, RFC 9068 §2.2.3: every scope means something at one of the resources, and the client may have it. FAPI-35: no more than was asked for.
        if (scopes is null || !Array.TrueForAll(scopes, scope => known.Contains(scope, StringComparer.Ordinal) || (mayOpenId && scope == AuthorizationRequestRules.OpenId)))
        {
            refusal = new(VerificationFailure.ScopeNotAllowed, $"among: {string.Join(' ', known)}{(mayOpenId ? " openid" : "")}", Printable.From(request.Scope));
            return false;
        }
        // A resource with scopes of which none is asked for would get a token that says nothing.
        IssuerResource? idle = resources.FirstOrDefault(resource => resource.Scopes.Count > 0 && !resource.Scopes.Intersect(scopes, StringComparer.Ordinal).Any());
        if (idle is not null)
            refusal = new(VerificationFailure.ScopeNotAllowed, $"a scope of {idle.Identifier} beside the others", Printable.From(request.Scope ?? "none"));
        access = new(resources, scopes);
        return refusal is null;
    }

    // AT-06, RFC 8707 §2: named, or the only one that the client may call.
    private static bool TryPickResources(IssuerSnapshot snapshot, IssuerClient client, IReadOnlyList<string> requested, out IReadOnlyList<IssuerResource> resources, out Refusal? refusal)
    {
        IssuerResource?[] named = requested.Count == 0 && client.Resources.Count == 1 ? [client.Resources[0]] : [.. requested.Select(snapshot.FindResource).Distinct()];
        resources = [.. named.OfType<IssuerResource>().Where(client.Resources.Contains)];
        refusal = named.Length > 0 && resources.Count == named.Length ? null : new(VerificationFailure.ResourceNotAllowed,
            $"resource parameters, among: {string.Join(' ', client.Resources.Select(allowed => allowed.Identifier))}", requested.Count == 0 ? "none" : Printable.From(string.Join(' ', requested)));
        return refusal is null;
    }
}
