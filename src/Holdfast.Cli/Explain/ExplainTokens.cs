using Holdfast.AspNetCore;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Explain;

/// <summary>How tokens are verified in an explanation: as the door does it, with the keys at hand.</summary>
internal static class ExplainTokens
{
    /// <summary>A verifier with these keys; null keys mean that the issuer never gave any.</summary>
    public static IAccessTokenVerifier With(string? keySet, VerifierClock clock)
    {
        IIssuerKeySource source = keySet is null ? new NoKeys() : new FixedIssuerKeys(Parse(keySet));
        return new JwtAccessTokenVerifier(source, new JwtAccessTokenPolicy(), clock);
    }

    /// <summary>Takes any token for one that is bound to this key.</summary>
    public static IAccessTokenVerifier Opaque(string jkt, VerifierClock clock) => JwkThumbprint.TryParse(jkt, out JwkThumbprint thumbprint)
        ? new OpaqueTokens(thumbprint, clock)
        : throw new CliException("token.jkt is not a thumbprint of 43 base64url characters.");

    private static IssuerKeySet Parse(string json)
    {
        try
        {
            return IssuerKeySet.Parse(json, JwtAccessTokenPolicy.DefaultAlgorithms);
        }
        catch (ArgumentException failure)
        {
            throw new CliException("The issuer's keys are not a JWK Set: {\"keys\": [...]}.", failure);
        }
    }

    private sealed class NoKeys : IIssuerKeySource
    {
        public ValueTask<IssuerKeySet?> GetAsync(CancellationToken cancellationToken) => new((IssuerKeySet?)null);

        public ValueTask<IssuerKeySet?> GetNewerAsync(IssuerKeySet known, CancellationToken cancellationToken) => new(known);
    }

    private sealed class OpaqueTokens(JwkThumbprint jkt, VerifierClock clock) : IAccessTokenVerifier
    {
        public ValueTask<AccessTokenResult> VerifyAsync(string token, ResourceConfig resource, CancellationToken cancellationToken) =>
            new(AccessTokenResult.Verified(new AccessToken
            {
                Issuer = resource.Issuer,
                Subject = "opaque",
                ClientId = "opaque",
                ExpiresAt = clock.Now.AddMinutes(5),
                Confirmation = new Confirmation { Jkt = jkt },
            }));
    }
}
