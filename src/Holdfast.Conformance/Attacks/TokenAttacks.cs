namespace Holdfast.Conformance;

/// <summary>Attacks with the token alone: the proof is absent, or somewhere it does not belong.</summary>
internal static class TokenAttacks
{
    public static Attack AsBearer { get; } = new("token_as_bearer", "the stolen token, presented as a bearer token", thief =>
        thief.WithoutProof().Without("Authorization").With("Authorization", $"Bearer {thief.Loot.Token}"));

    public static Attack WithoutProof { get; } = new("token_without_proof", "the stolen token by the DPoP scheme, without a proof", thief =>
        thief.WithoutProof());

    public static Attack EmptyProof { get; } = new("empty_proof", "the stolen token and an empty DPoP field", thief =>
        thief.WithoutProof().With("DPoP", ""));

    public static Attack InQuery { get; } = new("token_in_query", "the stolen token in the query", thief =>
        thief.WithoutProof(path: $"{thief.Loot.Path}?access_token={thief.Loot.Token}").Without("Authorization"))
    {
        Bearer = BearerForm.Same,
    };

    public static Attack TwoAuthorizationLines { get; } = new(
        "two_authorization_lines", "the stolen token twice, as Bearer and as DPoP in both orders, with an undelivered proof", thief =>
        [
            thief.With(thief.Intercepted.NewProof()).With("Authorization", $"Bearer {thief.Loot.Token}"),
            thief.WithoutProof().Without("Authorization").With("Authorization", $"Bearer {thief.Loot.Token}")
                .With("Authorization", $"DPoP {thief.Loot.Token}").With("DPoP", thief.Intercepted.NewProof().ToString()),
        ])
    {
        Bearer = BearerForm.Same,
    };
}
