using Microsoft.IdentityModel.Tokens;

namespace Holdfast.AspNetCore;

/// <summary>One published key and the one algorithm it is used with (AT-17, RFC 8725 §3.1).</summary>
public sealed class IssuerKey
{
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;

    // Providers pool the underlying ECDsa and RSA objects, which are not documented as thread-safe.
    private readonly SignatureProvider _provider;

    private IssuerKey(string? kid, string alg, string thumbprint, SignatureProvider provider) =>
        (Kid, Alg, Thumbprint, _provider) = (kid, alg, thumbprint, provider);

    /// <summary>The key's identifier: untrusted text, compared and never used as a path or URL (AT-21).</summary>
    public string? Kid { get; }

    /// <summary>The algorithm.</summary>
    public string Alg { get; }

    /// <summary>The RFC 7638 thumbprint: tells a key from another one published under the same <c>kid</c>.</summary>
    internal string Thumbprint { get; }

    /// <summary>True where this key made the signature.</summary>
    internal bool Signed(CompactJwt jwt)
    {
        // AT-18, RFC 8725 §3.3: whatever a cryptographic step does not like, the whole token is refused.
        try
        {
            return _provider.Verify(jwt.SigningInput, jwt.Signature);
        }
        catch (Exception failure) when (failure is System.Security.Cryptography.CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>A key for signatures that fits an allowed algorithm, or null.</summary>
    internal static IssuerKey? TryCreate(JsonWebKey jwk, IReadOnlyList<string> algorithms)
    {
        if (jwk.Use is { Length: > 0 } use && use != "sig")
            return null;
        if (AlgorithmOf(jwk, algorithms) is not { } alg || !algorithms.Contains(alg, StringComparer.Ordinal))
            return null;
        try
        {
            // AT-19, RFC 8725 §3.4: the platform refuses a point that is not on its curve when it imports it here.
            SignatureProvider provider = new CryptoProviderFactory { CacheSignatureProviders = false }.CreateForVerifying(jwk, alg, cacheProvider: false);
            string thumbprint = Base64UrlEncoder.Encode(jwk.ComputeJwkThumbprint());
            return new(string.IsNullOrEmpty(jwk.Kid) ? null : jwk.Kid, alg, thumbprint, provider);
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException or InvalidOperationException or FormatException
            or System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    private static string? AlgorithmOf(JsonWebKey jwk, IReadOnlyList<string> algorithms)
    {
        string? published = string.IsNullOrEmpty(jwk.Alg) ? null : jwk.Alg;
        switch (jwk.Kty)
        {
            case "EC":
                string? fitting = jwk.Crv switch { "P-256" => "ES256", "P-384" => "ES384", "P-521" => "ES512", _ => null };
                return published is null || published == fitting ? fitting : null;
            case "RSA" when jwk.KeySize is >= MinRsaBits and <= MaxRsaBits:
                if (published is not null)
                    return published.StartsWith("RS", StringComparison.Ordinal) || published.StartsWith("PS", StringComparison.Ordinal) ? published : null;
                // An RSA key that does not say: what nearly every such issuer means, and else the first that is allowed; never several.
                return algorithms.Contains("RS256", StringComparer.Ordinal)
                    ? "RS256"
                    : algorithms.FirstOrDefault(alg => alg.StartsWith("PS", StringComparison.Ordinal) || alg.StartsWith("RS", StringComparison.Ordinal));
            default:
                // AT-25, RFC 9864 §2.2: neither Ed25519 nor EdDSA is implemented by the platform; such keys are left out.
                return null;
        }
    }
}
