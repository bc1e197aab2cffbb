using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>Signs what this issuer says: access tokens and ID tokens. The one place where a token gets its header and its signature.</summary>
internal sealed class TokenSigner(IssuerKeyRings rings, SigningKeys keys, IssuerKeyLife life)
{
    private const string None = "There is no signing key: the last one was revoked, and none could take its place.";

    /// <summary>Why nothing can be signed by this snapshot; null where it can. Asked before anything is consumed.</summary>
    public string? ProblemOf(IssuerSnapshot snapshot) => rings.Of(snapshot).Active is { } active ? keys.Open(active).Problem : None;

    /// <summary>What tokens of this snapshot are signed with; null where nothing can be.</summary>
    public string? AlgorithmOf(IssuerSnapshot snapshot) => rings.Of(snapshot).Active?.Key.Alg;

    /// <summary>A compact JWS (RFC 7515 §3.1) by the key that signs at this snapshot.</summary>
    /// <param name="typ">The <c>typ</c> of its header: <c>at+jwt</c>, <c>JWT</c>.</param>
    /// <param name="payload">The claims, as JSON in UTF-8.</param>
    /// <param name="snapshot">What the token was decided by: a key that was withdrawn before it signs nothing.</param>
    /// <param name="cancellationToken">Stops waiting for a key that is elsewhere.</param>
    /// <exception cref="StateUnavailableException">No key can be used; see <see cref="ProblemOf"/>.</exception>
    public async ValueTask<string> SignAsync(string typ, ReadOnlyMemory<byte> payload, IssuerSnapshot snapshot, CancellationToken cancellationToken)
    {
        IssuerKeyRing ring = rings.Of(snapshot);
        life.Poke(ring);
        KnownKey active = ring.Active ?? throw new StateUnavailableException(None);
        (SigningKey? key, string? problem) = keys.Open(active);
        if (key is null)
            throw new StateUnavailableException(problem!);
        string signingInput = $"{key.Header(typ)}.{Base64Url.EncodeToString(payload.Span)}";
        try
        {
            byte[] signature = await key.SignAsync(Encoding.ASCII.GetBytes(signingInput), cancellationToken);
            return $"{signingInput}.{Base64Url.EncodeToString(signature)}";
        }
        catch (CryptographicException e)
        {
            keys.Close(active.Kid);
            throw new StateUnavailableException($"The signing key '{active.Kid}' does not sign ({e.Message}).", e);
        }
    }
}
