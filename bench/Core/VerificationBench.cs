using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Bench;

/// <summary>A whole warm verification against the one signature check it cannot avoid.</summary>
internal static class VerificationBench
{
    private const int Rounds = 40, Operations = 500;

    public static IReadOnlyList<BenchRow> Measure()
    {
        var rig = new CoreRig();
        string[] proofs = new string[Rounds * Operations];
        Parallel.For(0, proofs.Length, i => proofs[i] = rig.Caller.Proof(rig.Now.AddSeconds(5)));
        (byte[] Hash, byte[] Signature)[] bare = [.. proofs.Select(proof =>
        {
            int dot = proof.LastIndexOf('.');
            return (SHA256.HashData(Encoding.ASCII.GetBytes(proof[..dot])), Base64Url.DecodeFromChars(proof.AsSpan(dot + 1)));
        })];
        using ECDsa key = ECDsa.Create(rig.Caller.Key.ExportParameters(false));

        (double ratio, double bytes, double bareBytes) = Bench.Rounds.Compare(Rounds, Operations,
            i => Demand(rig.Verify(proofs[i]).IsAccepted),
            i => Demand(key.VerifyHash(bare[i].Hash, bare[i].Signature)));
        return
        [
            BenchRow.AtMost("dpop_verification_time_ratio", 1.15, ratio),
            BenchRow.AtMost("dpop_verification_extra_bytes", 2048, bytes - bareBytes, " B"),
        ];
    }

    private static void Demand(bool good)
    {
        if (!good)
            throw new InvalidOperationException("The bench measures acceptances, and this was refused.");
    }
}
