using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Holdfast.Internal;

namespace Holdfast;

/// <summary>A proof that was read. Members mirror the claims. Being read proves nothing; see <see cref="ProofOutcome"/>.</summary>
public sealed class DPoPProof
{
    internal DPoPProof(string jti) => Jti = jti;

    /// <summary>The JWS algorithm.</summary>
    public required string Alg { get; init; }

    /// <summary>The thumbprint of the key in the proof (RFC 7638).</summary>
    public required JwkThumbprint Thumbprint { get; init; }

    /// <summary>The method.</summary>
    public required string Htm { get; init; }

    /// <summary>The URL, canonical; the default value where it is not one.</summary>
    public HttpTarget Htu { get; init; }

    /// <summary>The client's time of creation.</summary>
    public required DateTimeOffset Iat { get; init; }

    /// <summary>The instant it is judged by.</summary>
    public FreshnessAnchor Anchor { get; internal set; }

    /// <summary>What the replay store files, once the proof passed.</summary>
    public ReplayRecord ReplayRecord { get; internal set; }

    /// <summary>SHA-256 of the identifier in base64url: what may be logged of it.</summary>
    public string JtiHash => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(Jti)));

    internal string Jti { get; }

    /// <summary>The key it was verified with, where it is not kept yet.</summary>
    internal AcceptedKey? NewKey { get; set; }

    internal bool NonceIsAging { get; set; }
}
