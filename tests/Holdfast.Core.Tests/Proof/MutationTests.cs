using System.Text;
using System.Text.Json.Nodes;

namespace Holdfast.Core.Tests;

/// <summary>
/// A million mutated proofs: never an exception out of the verifier, never an acceptance of a proof whose meaning changed. The seed is
/// random and printed with a failure.
/// </summary>
public class MutationTests
{
    private const int Mutants = 1_000_000;
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    // DPOP-V-02, DPOP-V-06, DPOP-V-33
    [Fact]
    public void Neither_throws_nor_accepts_a_changed_proof()
    {
        int seed = Random.Shared.Next();
        int accepted = 0;
        Parallel.For(0, Environment.ProcessorCount, worker =>
        {
            var bench = new ProofBench();
            var random = new Random(seed + worker);
            string original = bench.Proof().Sign();
            JwkThumbprint boundTo = bench.Proof().Thumbprint;
            // Every other worker attacks a verifier that has accepted this key and header before.
            if (worker % 2 == 1)
                bench.Accept(bench.Proof().Sign());
            string signed = original[..original.LastIndexOf('.')];
            for (int i = 0; i < Mutants / Environment.ProcessorCount; i++)
            {
                string mutant = Mutate(original, random);
                try
                {
                    if (!bench.Verify(mutant, boundTo: boundTo).Passed)
                        continue;
                }
                catch (Exception fault)
                {
                    throw new InvalidOperationException($"seed {seed}, worker {worker}: {mutant}", fault);
                }
                Interlocked.Increment(ref accepted);
                // ECDSA has two good signatures of one message: accepting either is right, for the replay record is the same.
                mutant[..mutant.LastIndexOf('.')].ShouldBe(signed, $"seed {seed}, worker {worker}");
            }
        });
        // Some mutations change nothing; if none got through at all, the test would not test the acceptance.
        accepted.ShouldBeGreaterThan(0);
    }

    private static string Mutate(string proof, Random random)
    {
        string[] parts = proof.Split('.');
        switch (random.Next(8))
        {
            case 0: // one character anywhere
                return Replace(proof, random.Next(proof.Length), Letters[random.Next(Letters.Length)]);
            case 1: // one octet of any kind
                return Replace(proof, random.Next(proof.Length), (char)random.Next(256));
            case 2: // cut
                return proof[..random.Next(proof.Length)];
            case 3: // a piece twice
                int at = random.Next(proof.Length);
                return proof.Insert(at, proof.Substring(at, random.Next(Math.Min(20, proof.Length - at))));
            case 4: // a bit of the decoded header or payload
                int part = random.Next(2);
                byte[] bytes = Decode(parts[part]);
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                parts[part] = Encode(bytes);
                return string.Join('.', parts);
            case 5: // the JSON text: another token at a random place
                string[] scraps = ["\"", "{", "}", "[", "]", ",", ":", "null", "\\u0000", "\\ud800", "1e999", "\"htm\":\"GET\",", " ", "\n", "\u00e9"];
                int index = random.Next(2);
                string json = Encoding.UTF8.GetString(Decode(parts[index]));
                parts[index] = Encode(Encoding.UTF8.GetBytes(json.Insert(random.Next(json.Length + 1), scraps[random.Next(scraps.Length)])));
                return string.Join('.', parts);
            case 6: // a claim of another value or type
                JsonObject payload = JsonNode.Parse(Decode(parts[1]))!.AsObject();
                string[] claims = ["jti", "htm", "htu", "iat", "ath", "nonce", "exp"];
                JsonNode?[] values = [null, 1, -1, "x", "", true, new JsonArray(), new JsonObject(), "POST", "https://api.example.com/", 1e18];
                payload[claims[random.Next(claims.Length)]] = values[random.Next(values.Length)];
                parts[1] = Encode(Encoding.UTF8.GetBytes(payload.ToJsonString()));
                return string.Join('.', parts);
            default: // parts exchanged
                return $"{parts[random.Next(3)]}.{parts[random.Next(3)]}.{parts[random.Next(3)]}";
        }
    }

    private static string Replace(string text, int at, char with) => string.Concat(text.AsSpan(0, at), new string(with, 1), text.AsSpan(at + 1));

    private static byte[] Decode(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);

    private static string Encode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
