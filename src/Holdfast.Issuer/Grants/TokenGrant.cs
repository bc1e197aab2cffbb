namespace Holdfast.Issuer;

/// <summary>One grant type at the token endpoint.</summary>
internal interface ITokenGrant
{
    /// <summary>Its <c>grant_type</c>.</summary>
    string GrantType { get; }

    /// <summary>Decides what would be issued. Reads only: what it would use up is used up by the plan, when everything else has passed.</summary>
    ValueTask<TokenPlan> PlanAsync(TokenAsking asking, CancellationToken cancellationToken);
}

/// <summary>A token request of an authenticated client, its proof verified and not spent yet.</summary>
/// <param name="Request">The request.</param>
/// <param name="Confirmation">What the tokens would be bound to.</param>
internal sealed record TokenAsking(ClientRequest Request, Confirmation Confirmation);

/// <summary>What a token request would get, or why not. The default is a refusal.</summary>
internal sealed record TokenPlan
{
    /// <summary>Why not; null where there is <see cref="Content"/>.</summary>
    public Refusal? Refusal { get; private init; } = Holdfast.Refusal.Unspecified;

    /// <summary>
    /// A grant that ends although the request is refused, because it shows that what belongs to it was used twice by its proven owner. Null for every refusal
    /// that anybody can bring about (design §1 rule 5).
    /// </summary>
    public GrantEnd? Ends { get; private init; }

    /// <summary>What the access token says.</summary>
    public TokenContent Content { get; private init; }

    /// <summary>The refresh token to be answered, as its holder sees it; null for none.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>What the ID token says; null for none.</summary>
    public IdTokenContent? IdToken { get; init; }

    /// <summary>The one write.</summary>
    public Func<Spending, CancellationToken, ValueTask<StoreAnswer>> CommitAsync { get; private init; } = static (_, _) => new(StoreAnswer.Unspecified);

    /// <summary>What it is called where the write says <see cref="StoreAnswer.Gone"/>: another was faster.</summary>
    public VerificationFailure WhenGone { get; init; }

    public static TokenPlan Refuse(Refusal refusal, GrantEnd? ends = null) => new() { Refusal = refusal, Ends = ends };

    public static TokenPlan Issue(TokenContent content, Func<Spending, CancellationToken, ValueTask<StoreAnswer>> commitAsync) =>
        new() { Refusal = null, Content = content, CommitAsync = commitAsync };
}

/// <summary>A grant to be ended, and why.</summary>
internal sealed record GrantEnd(string GrantId, string Reason);

/// <summary>What an ID token says (OpenID Connect Core §2) beside what every one does.</summary>
internal sealed record IdTokenContent(string ClientId, string Subject, DateTimeOffset AuthenticatedAt, string? Nonce);
