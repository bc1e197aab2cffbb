using System.Diagnostics;
using System.Security.Cryptography;

namespace Holdfast.Bench;

/// <summary>
/// What a token request cannot do without: two ES256 verifications (assertion and proof) and one signature (the token), with their hashes.
/// On all cores at once, as a server under load does it, in CPU time of the whole process.
/// </summary>
internal static class SignatureWork
{
    private const int PerCore = 4_000;

    /// <summary>Requests' worth of signature work for a second of CPU time, and for a second on the clock.</summary>
    public static ServerLoad Measure()
    {
        using var process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        int cores = Environment.ProcessorCount;
        Thread[] threads = [.. Enumerable.Range(0, cores).Select(_ => new Thread(Work))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        process.Refresh();
        return new(PerCore * cores / elapsed.TotalSeconds, PerCore * cores / (process.TotalProcessorTime - before).TotalSeconds);
    }

    private static void Work()
    {
        // The sizes of an assertion, a proof and a token.
        byte[] assertion = RandomNumberGenerator.GetBytes(340), proof = RandomNumberGenerator.GetBytes(400), token = RandomNumberGenerator.GetBytes(560);
        using ECDsa client = ECDsa.Create(ECCurve.NamedCurves.nistP256), dpop = ECDsa.Create(ECCurve.NamedCurves.nistP256), issuer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] byClient = client.SignData(assertion, HashAlgorithmName.SHA256), byDPoP = dpop.SignData(proof, HashAlgorithmName.SHA256);
        for (int i = 0; i < PerCore; i++)
        {
            if (!client.VerifyData(assertion, byClient, HashAlgorithmName.SHA256) || !dpop.VerifyData(proof, byDPoP, HashAlgorithmName.SHA256))
                throw new InvalidOperationException("A good signature did not verify.");
            issuer.SignData(token, HashAlgorithmName.SHA256);
        }
    }
}
