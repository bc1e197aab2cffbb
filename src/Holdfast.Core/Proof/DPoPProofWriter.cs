using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Holdfast.Internal;

namespace Holdfast;

/// <summary>Writes DPoP proofs (RFC 9449 §4.2) with any <see cref="IProofSigner"/>. Keeps no state but the encoded headers of living signers.</summary>
public static class DPoPProofWriter
{
    private static readonly ConditionalWeakTable<IProofSigner, string> Headers = [];

    /// <summary>Writes one proof for one request.</summary>
    /// <exception cref="ArgumentException">A claim cannot be sent: an empty method, an <c>htu</c> with a query, a fragment or user
    /// information, or a token or nonce that is not printable ASCII.</exception>
    public static ValueTask<string> WriteAsync(IProofSigner signer, DPoPProofClaims claims, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(signer);
        ArgumentNullException.ThrowIfNull(claims);
        Validate(claims);
        return JwsWriter.SignAsync(signer, Headers.GetValue(signer, EncodeHeader), EncodePayload(claims), cancellationToken);
    }

    // DPOP-C-02, RFC 9449 §4.2: typ dpop+jwt, an asymmetric alg, the public key and nothing of the private one.
    private static string EncodeHeader(IProofSigner signer) => JwsWriter.Encode(json =>
    {
        json.WriteString("typ"u8, "dpop+jwt"u8);
        json.WriteString("alg"u8, signer.Alg);
        json.WritePropertyName("jwk"u8);
        json.WriteRawValue(signer.PublicJwk);
    });

    private static string EncodePayload(DPoPProofClaims claims) => JwsWriter.Encode(json =>
    {
        // DPOP-C-03, RFC 9449 §4.2: an identifier with a negligible chance of collision.
        json.WriteString("jti"u8, claims.Jti ?? JwsWriter.RandomJti());
        // DPOP-C-04, RFC 9449 §4.2: the method, the target URI without query and fragment, the time of creation.
        json.WriteString("htm"u8, claims.Htm);
        json.WriteString("htu"u8, claims.Htu);
        json.WriteNumber("iat"u8, claims.Iat.ToUnixTimeSeconds());
        // DPOP-C-05, RFC 9449 §4.2: the hash of the access token, whenever the proof accompanies one.
        if (claims.AccessToken is not null)
            json.WriteString("ath"u8, Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(claims.AccessToken))));
        // DPOP-C-06, RFC 9449 §4.2: the nonce, once the server gave one.
        if (claims.Nonce is not null)
            json.WriteString("nonce"u8, claims.Nonce);
    });

    private static void Validate(DPoPProofClaims claims)
    {
        ArgumentException.ThrowIfNullOrEmpty(claims.Htm, nameof(claims));
        bool absolute = claims.Htu.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            || claims.Htu.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
        if (!absolute || !IsPrintable(claims.Htu))
            throw new ArgumentException("htu is an absolute http or https URI in its escaped form.", nameof(claims));
        // DPOP-C-04, RFC 9449 §4.2: without query and fragment. Stripping them here would hide a caller's mistake.
        if (claims.Htu.AsSpan().IndexOfAny('?', '#') >= 0)
            throw new ArgumentException("htu has neither query nor fragment.", nameof(claims));
        int authority = claims.Htu.IndexOf("://", StringComparison.Ordinal) + 3;
        int path = claims.Htu.IndexOf('/', authority);
        if (claims.Htu.AsSpan(authority, (path < 0 ? claims.Htu.Length : path) - authority) is var host && (host.IsEmpty || host.Contains('@')))
            throw new ArgumentException("htu names a host and no user.", nameof(claims));
        if (claims.AccessToken is not null && !IsPrintable(claims.AccessToken))
            throw new ArgumentException("An access token is printable ASCII (RFC 6750 §2.1).", nameof(claims));
        if (claims.Nonce is not null && !IsPrintable(claims.Nonce))
            throw new ArgumentException("A nonce is printable ASCII (RFC 9449 §8.1).", nameof(claims));
    }

    private static bool IsPrintable(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('\x21', '\x7e');
}
