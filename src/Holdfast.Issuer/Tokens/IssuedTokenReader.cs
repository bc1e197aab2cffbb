using Holdfast.AspNetCore;

namespace Holdfast.Issuer;

/// <summary>
/// Reads access tokens that this issuer made, by the verifier of every API (design §1 rule 4) and with keys of its own. Whether the token was revoked, and
/// whether the asker is its audience, is for the caller to judge.
/// </summary>
internal sealed class IssuedTokenReader(IIssuerKeySource keys, IssuerConfig config, VerifierClock clock)
{
    private readonly JwtAccessTokenVerifier _verifier = new(keys, new JwtAccessTokenPolicy { Algorithms = SigningAlgorithms.All }, clock);

    /// <summary>The token, or why it is none of ours, or none that lives.</summary>
    public async ValueTask<(AccessToken? Token, Refusal? Refusal)> ReadAsync(string token, CancellationToken cancellationToken)
    {
        // Which resource it is for is what it says itself: the verifier then holds it to that with everything else.
        var resource = new ResourceConfig { Name = "issued", Issuer = config.Issuer, Audience = AudienceOf(token) ?? "" };
        if (!(await _verifier.VerifyAsync(token, resource, cancellationToken)).TryGet(out AccessToken? read, out Refusal? refusal))
            return (null, refusal);
        // AT-32, RFC 7662 §4: expired is expired here; the leeway is for the clocks of others.
        return read.Expiry is { } expiry && clock.Now < expiry ? (read, null) : (null, new(VerificationFailure.TokenExpired, $"exp after {clock.Now:O}", $"{read.Expiry:O}"));
    }

    private static string? AudienceOf(string token) =>
        token.Length <= JwtAccessTokenPolicy.MaxLength && CompactJwt.TryParse(token, out _) is { } jwt ? JwtClaims.Read(jwt.Payload, "").Audiences.FirstOrDefault() : null;
}
