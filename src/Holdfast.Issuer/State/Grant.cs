namespace Holdfast.Issuer;

/// <summary>What a person allowed a client: everything that comes from one authorization, until it ends.</summary>
public sealed record Grant
{
    /// <summary>Its identifier, in every access token from it as <c>grant_id</c>.</summary>
    public required string GrantId { get; init; }

    /// <summary>To whom.</summary>
    public required string ClientId { get; init; }

    /// <summary>By whom: the <c>sub</c> of its tokens.</summary>
    public required string Subject { get; init; }

    /// <summary>Which scopes, separated by spaces; empty: none.</summary>
    public required string Scope { get; init; }

    /// <summary>At which resources, by their identifiers.</summary>
    public required IReadOnlyList<string> Resources { get; init; }

    /// <summary>When the person signed in (<c>auth_time</c>).</summary>
    public required DateTimeOffset AuthenticatedAt { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends by itself.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was ended; null while it lasts. Set by the store.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}
