namespace Holdfast.Issuer;

/// <summary>
/// What a person allows, as it is remembered: each scope with the resource where it means something, because two resources may use one word for two things.
/// </summary>
internal static class ConsentScope
{
    // No identifier of a resource has a fragment (RFC 8707 §2), and no scope has a space.
    /// <summary>What a request asks for.</summary>
    public static string Of(AcceptedRequest request) => string.Join(' ', Entries(request));

    /// <summary>Whether everything of it was allowed before.</summary>
    public static bool Covers(string? remembered, string asked) =>
        remembered is not null && !asked.Split(' ').Except(remembered.Split(' '), StringComparer.Ordinal).Any();

    /// <summary>What is remembered from now on.</summary>
    public static string Union(string? remembered, string allowed) =>
        string.Join(' ', (remembered?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? []).Union(allowed.Split(' '), StringComparer.Ordinal));

    private static IEnumerable<string> Entries(AcceptedRequest request)
    {
        if (request.Scopes.Contains(AuthorizationRequestRules.OpenId, StringComparer.Ordinal))
            yield return AuthorizationRequestRules.OpenId;
        foreach (IssuerResource resource in request.Resources)
        {
            string[] scopes = [.. resource.Scopes.Intersect(request.Scopes, StringComparer.Ordinal)];
            foreach (string scope in scopes.Length == 0 ? [""] : scopes)
                yield return $"{resource.Identifier}#{scope}";
        }
    }
}
