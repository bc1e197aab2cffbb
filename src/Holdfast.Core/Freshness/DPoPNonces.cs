using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Holdfast;

/// <summary>
/// Stateless nonces (RFC 9449 §8, §9): a keyed MAC over the server's time generation and role. A generation is
/// <see cref="GenerationLength"/>; the current and the one before it are alive. A nonce of another role, key or node is unknown.
/// Safe for concurrent use.
/// </summary>
public sealed class DPoPNonces
{
    /// <summary>The shortest key, in bytes.</summary>
    public const int MinimumKeyLength = 32;

    // Version (1), generation (4, minutes since 1970), MAC (16). 21 bytes are 28 characters with no unused bits.
    private const byte Version = 1;
    private const int MacOffset = 5;
    private const int ByteLength = MacOffset + 16;
    private const int TextLength = ByteLength / 3 * 4;

    private readonly VerifierClock _clock;
    private readonly VerifierRole _role;
    private readonly byte[] _key;
    private volatile Living _living;

    /// <summary>
    /// Nonces under a key of at least <see cref="MinimumKeyLength"/> random bytes, for nodes that share it together with their replay
    /// store. Both roles may share one key; their nonces stay apart.
    /// </summary>
    public DPoPNonces(VerifierClock clock, VerifierRole role, ReadOnlySpan<byte> key)
    {
        ArgumentNullException.ThrowIfNull(clock);
        if (key.Length < MinimumKeyLength)
            throw new ArgumentException($"A nonce key has at least {MinimumKeyLength} bytes.", nameof(key));
        _clock = clock;
        _role = role;
        _key = key.ToArray();
        _living = Mint(GenerationAt(clock.Now));
    }

    /// <summary>How long one nonce is offered: 60 s.</summary>
    public static TimeSpan GenerationLength { get; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest a nonce is accepted, counted from the start of its generation, which is the time sealed in it: 120 s.</summary>
    public static TimeSpan LongestLife { get; } = 2 * GenerationLength;

    /// <summary>The nonce to offer now: NQCHAR only (RFC 9449 §8.1).</summary>
    public string Current => LivingNow().Current;

    /// <summary>Nonces of a random key that lives and dies with this process: the embedded store's epoch and node.</summary>
    public static DPoPNonces CreateForProcess(VerifierClock clock, VerifierRole role)
    {
        // DPOP-AS-23, RFC 9449 §8, §11.2: nonces are unpredictable; nobody without this key can compute one.
        Span<byte> key = stackalloc byte[MinimumKeyLength];
        RandomNumberGenerator.Fill(key);
        return new(clock, role, key);
    }

    /// <summary>
    /// Judges a nonce in fixed time. <paramref name="issued"/> is the server time sealed in it (the start of its generation) where it is
    /// alive or stale, and meaningless where it is unknown.
    /// </summary>
    public NonceStatus Check(ReadOnlySpan<char> nonce, out DateTimeOffset issued)
    {
        // DPOP-V-25, RFC 9449 §11.1: the nonce seals server time, so that the client's clock need not be trusted.
        // DPOP-AS-29, RFC 9449 §8: a rolling window of two generations, without state.
        Living living = LivingNow();
        issued = StartOf(living.Generation);
        if (FixedTimeEquals(nonce, living.Current))
            return NonceStatus.Current;
        if (FixedTimeEquals(nonce, living.Previous))
        {
            issued -= GenerationLength;
            return NonceStatus.Previous;
        }
        return CheckPast(nonce, living.Generation, out issued);
    }

    // What is told apart here only decides what is recorded: an old nonce of ours is a slow client, a foreign one may be an attack.
    private NonceStatus CheckPast(ReadOnlySpan<char> nonce, uint current, out DateTimeOffset issued)
    {
        issued = default;
        Span<byte> presented = stackalloc byte[ByteLength];
        if (nonce.Length != TextLength || !StrictBase64Url.TryDecode(nonce, presented, out _))
            return NonceStatus.Unknown;

        uint generation = BinaryPrimitives.ReadUInt32BigEndian(presented[1..]);
        Span<byte> ours = stackalloc byte[ByteLength];
        Seal(generation, ours);
        // DPOP-RS-20, RFC 9449 §9: a nonce is accepted only by the role that issued it. A generation still to come was never issued.
        if (!CryptographicOperations.FixedTimeEquals(presented, ours) || generation >= current)
            return NonceStatus.Unknown;
        issued = StartOf(generation);
        return NonceStatus.Stale;
    }

    private Living LivingNow()
    {
        uint generation = GenerationAt(_clock.Now);
        Living living = _living;
        // Two threads may mint at once: the same text, or a late one puts back the generation before for as long as one call takes.
        return living.Generation >= generation ? living : _living = Mint(generation);
    }

    private Living Mint(uint generation) => new(generation, Text(generation), Text(generation - 1));

    private string Text(uint generation)
    {
        Span<byte> sealedTime = stackalloc byte[ByteLength];
        Seal(generation, sealedTime);
        // DPOP-AS-25, RFC 9449 §8.1: one or more NQCHAR; base64url is a subset of it.
        return Base64Url.EncodeToString(sealedTime);
    }

    private void Seal(uint generation, Span<byte> destination)
    {
        ReadOnlySpan<byte> label = "holdfast-nonce"u8;
        destination[0] = Version;
        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], generation);

        Span<byte> message = stackalloc byte[label.Length + 1 + MacOffset];
        label.CopyTo(message);
        message[label.Length] = (byte)_role;
        destination[..MacOffset].CopyTo(message[(label.Length + 1)..]);

        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, message, mac);
        mac[..(ByteLength - MacOffset)].CopyTo(destination[MacOffset..]);
    }

    // DPOP-V-39, RFC 9449 §4.2: an exact string, compared in fixed time.
    private static bool FixedTimeEquals(ReadOnlySpan<char> left, ReadOnlySpan<char> right) =>
        CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(left), MemoryMarshal.AsBytes(right));

    private static uint GenerationAt(DateTimeOffset time) => (uint)(time.ToUnixTimeSeconds() / (long)GenerationLength.TotalSeconds);

    private static DateTimeOffset StartOf(uint generation) =>
        DateTimeOffset.FromUnixTimeSeconds(generation * (long)GenerationLength.TotalSeconds);

    private sealed record Living(uint Generation, string Current, string Previous);
}
