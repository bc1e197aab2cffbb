using System.Buffers.Text;
using System.Text;

namespace Holdfast.Issuer;

/// <summary>Signs what this issuer says: access tokens and ID tokens. The one place where a token gets its header and its signature.</summary>
internal sealed class TokenSigner(SigningKey key)
{
    /// <summary>A compact JWS (RFC 7515 §3.1) by the key that signs at this snapshot.</summary>
    /// <param name="typ">The <c>typ</c> of its header: <c>at+jwt</c>, <c>JWT</c>.</param>
    /// <param name="payload">The claims, as JSON in UTF-8.</param>
    /// <param name="snapshot">What the token was decided by: a key that was withdrawn before it signs nothing.</param>
    /// <param name="cancellationToken">Stops waiting for a key that is elsewhere.</param>
    public async ValueTask<string> SignAsync(string typ, ReadOnlyMemory<byte> payload, IssuerSnapshot snapshot, CancellationToken cancellationToken)
    {
        string signingInput = $"{key.Header(typ)}.{Base64Url.EncodeToString(payload.Span)}";
        byte[] signature = await key.SignAsync(Encoding.ASCII.GetBytes(signingInput), cancellationToken);
        return $"{signingInput}.{Base64Url.EncodeToString(signature)}";
    }
}
