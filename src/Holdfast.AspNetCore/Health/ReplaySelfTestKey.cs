using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Holdfast.AspNetCore;

/// <summary>The keys of made-up proofs: one a process for each algorithm that is needed, and never anybody's.</summary>
internal static class ReplaySelfTestKey
{
    private static readonly ConcurrentDictionary<string, Lazy<IProofSigner>> Made = new(StringComparer.Ordinal);

    /// <summary>A signer for one of these algorithms: an elliptic one where there is one, because its keys are made at once.</summary>
    public static IProofSigner For(IReadOnlyList<string> algorithms)
    {
        string chosen = algorithms.FirstOrDefault(static name => name.StartsWith("ES", StringComparison.Ordinal)) ?? algorithms[0];
        return Made.GetOrAdd(chosen, static name => new(() => Make(name))).Value;
    }

    // Kept as long as the process: the signer uses its key and does not own it.
    private static IProofSigner Make(string algorithm) => algorithm switch
    {
        "ES256" => ProofSigner.Create(ECDsa.Create(ECCurve.NamedCurves.nistP256)),
        "ES384" => ProofSigner.Create(ECDsa.Create(ECCurve.NamedCurves.nistP384)),
        "ES512" => ProofSigner.Create(ECDsa.Create(ECCurve.NamedCurves.nistP521)),
        _ => ProofSigner.Create(RSA.Create(2048), algorithm),
    };
}
