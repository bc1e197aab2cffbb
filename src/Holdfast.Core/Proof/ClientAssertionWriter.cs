using Holdfast.Internal;

namespace Holdfast;

/// <summary>Writes client assertions for <c>private_key_jwt</c> (RFC 7523 §2.2, OpenID Connect Core §9).</summary>
public static class ClientAssertionWriter
{
    /// <summary>The value of <c>client_assertion_type</c> (RFC 7523 §2.2).</summary>
    public const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>Writes one assertion for one request; a retry needs a new one.</summary>
    /// <exception cref="ArgumentException">A claim is empty, or the lifetime is not above zero.</exception>
    public static ValueTask<string> WriteAsync(IProofSigner signer, ClientAssertionClaims claims, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(signer);
        ArgumentNullException.ThrowIfNull(claims);
        ArgumentException.ThrowIfNullOrEmpty(claims.ClientId, nameof(claims));
        ArgumentException.ThrowIfNullOrEmpty(claims.Audience, nameof(claims));
        ArgumentOutOfRangeException.ThrowIfLessThan(claims.Lifetime, TimeSpan.FromSeconds(1), nameof(claims));

        string header = JwsWriter.Encode(json =>
        {
            json.WriteString("typ"u8, "JWT"u8);
            json.WriteString("alg"u8, signer.Alg);
            json.WriteString("kid"u8, claims.Kid ?? signer.Thumbprint.ToString());
        });
        string payload = JwsWriter.Encode(json =>
        {
            // RFC 7523 §3: issuer and subject are the client, the audience is the server, and it ends soon.
            json.WriteString("iss"u8, claims.ClientId);
            json.WriteString("sub"u8, claims.ClientId);
            json.WriteString("aud"u8, claims.Audience);
            long iat = claims.Iat.ToUnixTimeSeconds();
            json.WriteNumber("iat"u8, iat);
            json.WriteNumber("exp"u8, iat + (long)claims.Lifetime.TotalSeconds);
            json.WriteString("jti"u8, claims.Jti ?? JwsWriter.RandomJti());
        });
        return JwsWriter.SignAsync(signer, header, payload, cancellationToken);
    }
}
