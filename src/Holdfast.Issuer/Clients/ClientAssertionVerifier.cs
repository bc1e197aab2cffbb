using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>
/// The rules for <c>private_key_jwt</c> (RFC 7523 §3; AT-94, FAPI-04), cheapest first and the signature last. Reads only: whoever accepts
/// the request spends the assertion once everything else has passed.
/// </summary>
internal sealed class ClientAssertionVerifier(IssuerConfig config, ClientKeySources keys, VerifierClock clock)
{
    private const int MaxJtiLength = 256;
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(10);

    /// <summary>Null where the assertion is the client's, for this issuer, and alive.</summary>
    public async ValueTask<Refusal?> VerifyAsync(ClientAssertion assertion, IssuerClient client, CancellationToken cancellationToken) =>
        CheckHeader(assertion, client.Profile) ?? CheckParties(assertion, client.Profile) ?? CheckTimes(assertion) ?? await CheckSignatureAsync(assertion, client, cancellationToken);

    private Refusal? CheckHeader(ClientAssertion assertion, SecurityProfile profile)
    {
        // AT-95, RFC 8725 §3.12: proofs, access tokens and other JWTs of the client's key are not assertions.
        if (assertion.Typ is { } typ && !IsAssertionType(typ))
            return new(VerificationFailure.AssertionTypeWrong, "JWT, client-authentication+jwt or none", Printable.From(typ));
        // AT-94, RFC 8725 §3.1: alg is on the published list; so neither none nor a MAC. FAPI-26: and one of the client's profile.
        IReadOnlyList<string> allowed = ProfileRules.Allowed(profile, config.AssertionAlgorithms);
        return allowed.Contains(assertion.Alg, StringComparer.Ordinal)
            ? null
            : new(VerificationFailure.AssertionAlgorithmNotAllowed, string.Join(", ", allowed), Printable.From(assertion.Alg));
    }

    private Refusal? CheckParties(ClientAssertion assertion, SecurityProfile profile)
    {
        // AT-94, RFC 7523 §3: iss and sub are the client.
        if (!string.Equals(assertion.Iss, assertion.Sub, StringComparison.Ordinal))
            return new(VerificationFailure.AssertionClaimWrong, "iss equal to sub", Printable.From($"iss {assertion.Iss}, sub {assertion.Sub}"));
        // FAPI-04, AT-84: aud is this server by a name that the client's profile allows, as a string: an array could name two servers, of which either could use the
        // assertion at the other.
        if (!ProfileRules.AllowsAssertionAudience(profile, config, assertion.Aud))
            return new(VerificationFailure.AssertionAudienceWrong, config.Issuer, assertion.Aud is null ? "none, or not a string" : Printable.From(assertion.Aud));
        // AT-94, RFC 7523 §3: a jti, so that the assertion can be used once.
        return assertion.Jti is { Length: > 0 and <= MaxJtiLength }
            ? null
            : new(VerificationFailure.AssertionClaimWrong, $"jti of 1 to {MaxJtiLength} characters", assertion.Jti is null ? "none" : $"{assertion.Jti.Length} characters");
    }

    private Refusal? CheckTimes(ClientAssertion assertion)
    {
        DateTimeOffset now = clock.Now;
        // AT-94, RFC 7523 §3: exp is there; here iat too, because only both together bound its life.
        if (assertion.Iat is not { } iat || assertion.Exp is not { } exp)
            return new(VerificationFailure.AssertionClaimWrong, "iat and exp as numbers", assertion.Iat is null ? "no iat" : "no exp");
        if (iat > now + ClockTolerance || assertion.Nbf > now + ClockTolerance)
            return new(VerificationFailure.AssertionNotYetValid, $"iat and nbf up to {now + ClockTolerance:O}", $"iat {iat:O}");
        // With exp and a bounded life no iat older than five minutes gets past these two.
        if (exp - iat > MaxLifetime)
            return new(VerificationFailure.AssertionLifetimeTooLong, $"at most {MaxLifetime.TotalSeconds} s", $"{(exp - iat).TotalSeconds} s");
        // RFC 7519 §4.1.4: refused on and after exp.
        return exp <= now
            ? new(VerificationFailure.AssertionExpired, $"exp after {now:O}", $"{exp:O}")
            : null;
    }

    // AT-94, RFC 7523 §3: signed with a registered key of this client. The key is chosen by kid where there is one, never by what the assertion
    // brings along (jwk, jku, x5u, x5c).
    private async ValueTask<Refusal?> CheckSignatureAsync(ClientAssertion assertion, IssuerClient client, CancellationToken cancellationToken)
    {
        IClientKeySource source = keys.Of(client);
        ClientKeySet? known = await source.GetAsync(cancellationToken);
        if (known is not null && !IsSigned(assertion, known))
        {
            ClientKeySet? newer = await source.GetNewerAsync(known, cancellationToken);
            if (ReferenceEquals(newer, known) || (newer is not null && !IsSigned(assertion, newer)))
                return new(VerificationFailure.AssertionSignatureInvalid, $"one of the {newer!.Keys.Count} registered keys", Printable.From($"kid {assertion.Kid ?? "none"}, alg {assertion.Alg}"));
            known = newer;
        }
        return known is null
            ? new(VerificationFailure.ClientKeysUnavailable, "a JWK set", client.JwksUri?.ToString())
            : null;
    }

    private static bool IsSigned(ClientAssertion assertion, ClientKeySet keys)
    {
        foreach (ClientKey key in keys.Keys)
        {
            if (key.Answers(assertion.Kid) && key.Verifiers.TryGetValue(assertion.Alg, out var verifier)
                && verifier.Verify(assertion.SigningInput, assertion.Signature))
                return true;
        }
        return false;
    }

    private static bool IsAssertionType(string typ)
    {
        ReadOnlySpan<char> type = typ;
        if (type.StartsWith("application/", StringComparison.OrdinalIgnoreCase))
            type = type["application/".Length..];
        return type.Equals("JWT", StringComparison.OrdinalIgnoreCase) || type.Equals("client-authentication+jwt", StringComparison.OrdinalIgnoreCase);
    }
}
