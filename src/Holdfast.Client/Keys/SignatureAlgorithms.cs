using System.Security.Cryptography;

namespace Holdfast.Client.Keys;

/// <summary>Which algorithm to sign with, where the server publishes a list (RFC 9449 §5.1, RFC 8414 §2).</summary>
internal static class SignatureAlgorithms
{
    private static readonly string[] ByPreference = ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256"];

    /// <summary>For a key to be made.</summary>
    public static string ForNewKey(IReadOnlyCollection<string>? accepted, string issuer) =>
        accepted is null ? "ES256" : ByPreference.FirstOrDefault(accepted.Contains) ?? throw None(issuer, accepted);

    /// <summary>A signer for a key that exists.</summary>
    public static IProofSigner ForKey(AsymmetricAlgorithm key, IReadOnlyCollection<string>? accepted, string issuer)
    {
        if (key is not RSA rsa)
            return Checked(ProofSigner.Create((ECDsa)key), accepted, issuer);
        string alg = accepted is null
            ? "PS256"
            : ByPreference.FirstOrDefault(alg => alg is ['P' or 'R', ..] && accepted.Contains(alg, StringComparer.Ordinal)) ?? throw None(issuer, accepted);
        return ProofSigner.Create(rsa, alg);
    }

    /// <summary>A signer that was supplied.</summary>
    public static IProofSigner Checked(IProofSigner signer, IReadOnlyCollection<string>? accepted, string issuer) =>
        accepted is null || accepted.Contains(signer.Alg, StringComparer.Ordinal) ? signer : throw None(issuer, accepted, signer.Alg);

    public static AsymmetricAlgorithm CreateKey(string alg) => alg switch
    {
        "ES256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        "ES384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        "ES512" => ECDsa.Create(ECCurve.NamedCurves.nistP521),
        _ => RSA.Create(3072),
    };

    private static HoldfastClientException None(string issuer, IEnumerable<string> accepted, string? mine = null) => new(
        HoldfastClientFailure.AlgorithmNotSupported,
        $"{issuer} accepts {string.Join(", ", accepted.Take(16))}{(mine is null ? "" : $"; the key signs with {mine}")}; use another key.");
}
