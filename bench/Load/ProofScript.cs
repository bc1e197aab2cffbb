namespace Holdfast.Bench;

/// <summary>A script for <c>wrk</c> that sends a caller's proofs, each once: made before the clock starts, and more of them than are sent in that time.</summary>
internal static class ProofScript
{
    /// <summary>Writes it for a server that answers fewer than <paramref name="perSecond"/> requests a second.</summary>
    public static string Write(Caller caller, string directory, int seconds, int perSecond = 40_000, string? nonce = null, int pauseMilliseconds = 0)
    {
        string[] proofs = new string[perSecond * seconds];
        DateTimeOffset iat = TimeProvider.System.GetUtcNow().AddSeconds(seconds);
        Parallel.For(0, proofs.Length, i => proofs[i] = caller.Proof(iat, nonce));
        string file = Path.Combine(directory, "proofs.txt");
        File.WriteAllLines(file, proofs);
        return LoadGenerator.Script(directory, "proofs", $$"""
            wrk.headers["Authorization"] = "DPoP {{caller.Token}}"
            for line in io.lines("{{file}}") do
              wrk.headers["DPoP"] = line
              requests[#requests + 1] = wrk.format("GET", "/orders")
            end
            """, pauseMilliseconds);
    }
}
