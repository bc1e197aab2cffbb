using FsCheck;
using FsCheck.Fluent;

namespace Holdfast.Core.Tests.Replay;

public sealed class ReplayKeyTests
{
    private const string Htu = "https://api.example/orders";
    private static readonly JwkThumbprint Jkt = new(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());

    // DPOP-V-31
    [Fact]
    public void Equal_parts_make_the_same_key() => Key().ShouldBe(Key());

    // DPOP-V-31: each part counts.
    [Fact]
    public void Every_part_makes_a_difference()
    {
        ReplayKey[] keys =
        [
            Key(),
            Key(role: VerifierRole.AuthorizationServer),
            Key(jkt: default(JwkThumbprint)),
            Key(htm: "POST"), Key(htm: "get"), Key(htm: ""),
            Key(htu: Htu + "/"), Key(htu: ""),
            Key(jti: "B"), Key(jti: ""), Key(jti: "A "), Key(jti: "\u0000"),
        ];

        keys.Distinct().Count().ShouldBe(keys.Length);
    }

    // DPOP-V-31: a shared store depends on every node, of whatever version, making the same key.
    [Fact]
    public void Is_the_start_of_a_hash_over_the_length_prefixed_parts()
    {
        byte[] message =
        [
            1, .. Enumerable.Range(0, 32).Select(i => (byte)i),
            0, 0, 0, 3, .. "GET"u8,
            0, 0, 0, 26, .. "https://api.example/orders"u8,
            0, 0, 0, 5, .. "é€"u8,
        ];
        byte[] hash = System.Security.Cryptography.SHA256.HashData(message);

        Key(role: VerifierRole.AuthorizationServer, jti: "é€").Value
            .ShouldBe(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash));
    }

    // DPOP-V-31: no moving of a boundary between parts makes another proof's key.
    [Fact]
    public void Moving_the_boundaries_between_the_parts_makes_another_key()
    {
        const string text = "GEThttps://api.example/ordersA";
        Dictionary<ReplayKey, (int, int)> seen = [];
        for (int first = 0; first <= text.Length; first++)
        {
            for (int second = first; second <= text.Length; second++)
                seen.TryAdd(Key(htm: text[..first], htu: text[first..second], jti: text[second..]), (first, second)).ShouldBeTrue();
        }
    }

    // DPOP-V-31
    [Fact]
    public void Keys_are_equal_exactly_where_all_parts_are_equal() => Prop
        .ForAll(Parts(), Parts(), (left, right) =>
            (Key(htm: left.Htm, htu: left.Htu, jti: left.Jti) == Key(htm: right.Htm, htu: right.Htu, jti: right.Jti)) == (left == right))
        .QuickCheckThrowOnFailure();

    // DPOP-V-30
    [Fact]
    public void Long_parts_are_hashed_whole()
    {
        string jti = new('x', 100_000);
        Key(jti: jti).ShouldBe(Key(jti: jti));
        Key(jti: jti + "y").ShouldNotBe(Key(jti: jti + "z"));
        Key(htu: Htu + jti + "y").ShouldNotBe(Key(htu: Htu + jti + "z"));
    }

    [Fact]
    public void Allocates_nothing_for_an_ordinary_proof()
    {
        Key();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            Key();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    // Few characters and short texts, so that equal and nearly equal tuples are common; the empty text and two-byte characters included.
    private static Arbitrary<(string Htm, string Htu, string Jti)> Parts()
    {
        Gen<string> text = Gen.Elements('a', '\u0000', '\u0001', 'é').ListOf().Resize(3).Select(list => new string([.. list]));
        return text.SelectMany(htm => text.SelectMany(htu => text.Select(jti => (htm, htu, jti)))).ToArbitrary();
    }

    private static ReplayKey Key(VerifierRole role = VerifierRole.ResourceServer, JwkThumbprint? jkt = null, string htm = "GET",
        string htu = Htu, string jti = "A") => ReplayKey.Create(role, jkt ?? Jkt, htm, htu, jti);
}
