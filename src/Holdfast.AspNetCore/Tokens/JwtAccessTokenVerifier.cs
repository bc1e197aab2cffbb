namespace Holdfast.AspNetCore;

/// <summary>
/// Verifies RFC 9068 access tokens with the issuer's published keys. Cheap checks come first; what a token claims is believed, and
/// reported, only after its signature held. Knows nothing of proofs, and remembers nothing.
/// </summary>
public sealed class JwtAccessTokenVerifier(IIssuerKeySource keys, JwtAccessTokenPolicy policy, VerifierClock clock) : IAccessTokenVerifier
{
    // sub and the others are looked for in this order; the first that is missing is named.
    private static readonly string[] RequiredStrings = ["sub", "client_id", "jti"];

    /// <inheritdoc/>
    public ValueTask<AccessTokenResult> VerifyAsync(string token, ResourceConfig resource, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(resource);
        if (token.Length > JwtAccessTokenPolicy.MaxLength)
            return new(Refused(VerificationFailure.TokenTooLarge, $"at most {JwtAccessTokenPolicy.MaxLength} characters", $"{token.Length}"));
        if (CompactJwt.TryParse(token, out string problem) is not { } jwt)
            return new(Refused(VerificationFailure.TokenMalformed, problem));

        // AT-02, AT-23, RFC 9068 §4: typ is at+jwt, so that no other kind of JWT of this issuer passes for an access token.
        if (!IsAccessTokenType(jwt.Typ))
            return new(Refused(VerificationFailure.TokenTypeWrong, "at+jwt", jwt.Typ ?? "none"));
        // AT-01, AT-16, RFC 8725 §3.1: nothing outside the list, none and MACs never.
        if (jwt.Alg is not { } alg || !policy.Algorithms.Contains(alg, StringComparer.Ordinal))
            return new(Refused(VerificationFailure.TokenAlgorithmNotAllowed, string.Join(' ', policy.Algorithms), jwt.Alg ?? "none"));
        // AT-07, AT-20, RFC 9068 §4: iss is ours exactly. Before the keys are asked, so that foreign tokens never make them be fetched.
        // Nothing else of the payload is read before the signature holds: what a stranger wrote there may be long.
        if (JwtClaims.ReadIssuer(jwt.Payload) is not { } issuer)
            return new(Refused(VerificationFailure.TokenClaimMissing, "iss as a string"));
        if (!string.Equals(issuer, resource.Issuer, StringComparison.Ordinal))
            return new(Refused(VerificationFailure.TokenIssuerWrong, resource.Issuer, issuer));
        return VerifySignatureAsync(jwt, alg, resource, cancellationToken);
    }

    private async ValueTask<AccessTokenResult> VerifySignatureAsync(
        CompactJwt jwt, string alg, ResourceConfig resource, CancellationToken cancellationToken)
    {
        if (await keys.GetAsync(cancellationToken) is not { } known)
            return Refused(VerificationFailure.IssuerUnavailable, $"the keys of {resource.Issuer}", "none obtained yet");
        IssuerKey? key = known.Find(jwt.Kid, alg, out string? published);
        if (key is null && published is null)
        {
            if (await keys.GetNewerAsync(known, cancellationToken) is not { } newer)
                return Refused(VerificationFailure.IssuerUnavailable, $"an answer of {resource.Issuer}", "too many requests wait for its keys");
            key = newer.Find(jwt.Kid, alg, out published);
        }
        // AT-17, RFC 8725 §3.1: one algorithm a key.
        if (key is null && published is not null)
            return Refused(VerificationFailure.TokenAlgorithmNotAllowed, published, alg);
        // AT-09, RFC 9068 §4: published keys of the issuer only; jku, x5u and jwk in the header are not looked at (AT-22).
        if (key is null)
            return Refused(VerificationFailure.TokenKeyUnknown, "a key that the issuer publishes", jwt.Kid ?? "no kid, and not exactly one key fits");
        if (!key.Signed(jwt))
            return Refused(VerificationFailure.TokenSignatureInvalid, key.Alg, jwt.Kid);
        return VerifyClaims(jwt, JwtClaims.Read(jwt.Payload, resource.Issuer), resource);
    }

    private AccessTokenResult VerifyClaims(CompactJwt jwt, JwtClaims claims, ResourceConfig resource)
    {
        // AT-03, RFC 9068 §2.2: these claims are present, and of their kind.
        foreach (string name in RequiredStrings)
        {
            if (claims.String(name) is not { Length: > 0 })
                return Refused(VerificationFailure.TokenClaimMissing, $"{name} as a string", claims.Has(name) ? "another kind" : "none");
        }
        if (claims.Time("exp") is not { } expires)
            return Refused(VerificationFailure.TokenClaimMissing, "exp in seconds", claims.Has("exp") ? "another kind" : "none");
        if (claims.Time("iat") is not { } issued)
            return Refused(VerificationFailure.TokenClaimMissing, "iat in seconds", claims.Has("iat") ? "another kind" : "none");
        if (claims.Has("nbf") && claims.Time("nbf") is null)
            return Refused(VerificationFailure.TokenClaimMissing, "nbf in seconds", "another kind");
        if (claims.Audiences.Count == 0)
            return Refused(VerificationFailure.TokenClaimMissing, "aud", claims.Has("aud") ? "another kind" : "none");

        // AT-08, RFC 9068 §4: aud names this resource.
        if (!claims.Audiences.Contains(resource.Audience, StringComparer.Ordinal))
            return Refused(VerificationFailure.TokenAudienceWrong, resource.Audience, string.Join(' ', claims.Audiences));
        DateTimeOffset now = clock.Now;
        // AT-10, RFC 9068 §4: now is before exp, with a small leeway.
        DateTimeOffset end = expires < DateTimeOffset.MaxValue - policy.ClockSkew ? expires + policy.ClockSkew : DateTimeOffset.MaxValue;
        if (now >= end)
            return Refused(VerificationFailure.TokenExpired, $"exp after {now:O}", $"{expires:O}");
        if (now < (claims.Time("nbf") ?? issued) - policy.ClockSkew || now < issued - policy.ClockSkew)
            return Refused(VerificationFailure.TokenNotYetValid, $"nbf and iat before {now:O}", $"{claims.Time("nbf") ?? issued:O}");

        // DPOP-RS-01, DPOP-RS-23, RFC 9449 §6: the binding is read from the token, and a member that cannot be enforced refuses it.
        Confirmation confirmation = Confirmation.None;
        if (!claims.Confirmation.IsEmpty && !Confirmation.TryParse(claims.Confirmation.Span, out confirmation, out VerificationFailure failure))
            return Refused(failure, "cnf with jkt");
        return AccessTokenResult.Verified(new AccessToken
        {
            Issuer = resource.Issuer,
            Subject = claims.String("sub")!,
            ClientId = claims.String("client_id")!,
            ExpiresAt = end,
            Confirmation = confirmation,
            KeyId = jwt.Kid,
            Jti = claims.String("jti"),
            GrantId = claims.String("grant_id"),
            Claims = claims.Claims,
        });
    }

    private static bool IsAccessTokenType(string? typ) =>
        string.Equals(typ, "at+jwt", StringComparison.OrdinalIgnoreCase) || string.Equals(typ, "application/at+jwt", StringComparison.OrdinalIgnoreCase);

    // AT-11, RFC 9068 §4: every failure of a token is invalid_token to the caller, and has its own name for the operator.
    private static AccessTokenResult Refused(VerificationFailure failure, string expected, string? seen = null) =>
        AccessTokenResult.Refused(failure, expected, Printable.From(seen));
}
