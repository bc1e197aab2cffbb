namespace Holdfast.Conformance;

/// <summary>Attacks on the token endpoint. There is no twin of it.</summary>
internal static class IssuerAttacks
{
    public static Attack AssertionAgain { get; } = new(
        "captured_assertion_again", "the captured client assertion at the token endpoint, with a proof by the thief's key", thief =>
            thief.ToIssuer(thief.Loot.TokenForm, withProof: true))
    {
        Bearer = BearerForm.None,
    };

    public static Attack Downgrade { get; } = new(
        "token_request_without_proof", "an intercepted token request, its proof taken off to get a bearer token", thief =>
            thief.ToIssuer(thief.Intercepted.TokenForm(), withProof: false))
    {
        Bearer = BearerForm.None,
    };
}
