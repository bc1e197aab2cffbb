namespace Holdfast.Bench;

/// <summary>What refusing costs, in multiples of an accepted request (in the verifier: parsing by the server is not part of it).</summary>
internal static class RefusalBench
{
    private const int Rounds = 16, Operations = 250;
    private const double Budget = 1.5;

    public static IReadOnlyList<BenchRow> Measure()
    {
        var rig = new CoreRig();
        string good = rig.Caller.Proof(rig.Now);
        // The signature of another proof: well formed, and wrong only after all the arithmetic.
        string other = rig.Caller.Proof(rig.Now);
        string forged = good[..good.LastIndexOf('.')] + other[other.LastIndexOf('.')..];
        string oversized = new('a', 100_000);
        string[] foreign = new string[64];
        for (int i = 0; i < foreign.Length; i++)
        {
            using var thief = new Caller("https://issuer.example", "https://api.example.com", rig.Caller.Url, rig.Now);
            foreign[i] = thief.Proof(rig.Now);
        }
        rig.Verify(rig.Caller.Proof(rig.Now));
        return
        [
            Row(rig, "refused_fresh_key", i => rig.Verify(foreign[i % foreign.Length])),
            Row(rig, "refused_forged_signature", _ => rig.Verify(forged)),
            Row(rig, "refused_replay", _ => rig.Verify(good)),
            Row(rig, "refused_garbage", _ => rig.Verify("eyJ.garbage.!")),
            Row(rig, "refused_broken_json", _ => rig.Verify("e30x.e30x.AAAA")),
            Row(rig, "refused_oversized", _ => rig.Verify(oversized)),
        ];
    }

    private static BenchRow Row(CoreRig rig, string name, Func<int, Verdict> refuse)
    {
        string[] proofs = new string[Rounds * Operations];
        Parallel.For(0, proofs.Length, i => proofs[i] = rig.Caller.Proof(rig.Now.AddSeconds(5)));
        bool first = true;
        (double ratio, _, _) = Bench.Rounds.Compare(Rounds, Operations,
            i =>
            {
                // The very first presentation of a good proof is an acceptance; every other one is what is measured.
                if (refuse(i).IsAccepted && !first)
                    throw new InvalidOperationException($"{name} was accepted.");
                first = false;
            },
            i =>
            {
                if (!rig.Verify(proofs[i]).IsAccepted)
                    throw new InvalidOperationException("An honest request was refused.");
            });
        return BenchRow.AtMost(name + "_ratio", Budget, ratio);
    }
}
