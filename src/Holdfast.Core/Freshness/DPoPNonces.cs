using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Holdfast;

/// <summary>
/// Stateless nonces (RFC 9449 §8, §9): a keyed MAC over the server's time generation and role. A generation is
/// <see cref="GenerationLength"/>; the current and the one before it are alive, and the next one shortly before it begins, because a node that shares the
/// key may be a little ahead. A nonce of another role, key or node is unknown. Safe for concurrent use.
/// </summary>
public sealed class DPoPNonces : IDPoPNonces
{
    // Version (1), generation (4, minutes since 1970), MAC (16). 21 bytes are 28 characters with no unused bits.
    private const byte Version = 1;
    private const int MacOffset = 5;
    private const int ByteLength = MacOffset + 16;
    private const int TextLength = ByteLength / 3 * 4;

    private readonly VerifierClock _clock;
    private readonly VerifierRole _role;
    private readonly DPoPNonceKeys _keys;
    private volatile Living _living;

    /// <summary>
    /// Nonces under a key of at least <see cref="DPoPNonceKeys.MinimumLength"/> random bytes, for nodes that share it together with their replay
    /// store. Both roles may share one key; their nonces stay apart.
    /// </summary>
    public DPoPNonces(VerifierClock clock, VerifierRole role, ReadOnlySpan<byte> key)
        : this(clock, role, new DPoPNonceKeys(0, [(0, key.ToArray())])) { }

    /// <summary>Nonces under keys that nodes share, and exchange, together with their replay store.</summary>
    public DPoPNonces(VerifierClock clock, VerifierRole role, DPoPNonceKeys keys)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(keys);
        (_clock, _role, _keys) = (clock, role, keys);
        _living = Mint(GenerationAt(clock.Now));
    }

    /// <summary>How long one nonce is offered: 60 s.</summary>
    public static TimeSpan GenerationLength { get; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest a nonce is accepted, counted from the start of its generation, which is the time sealed in it: 120 s.</summary>
    public static TimeSpan LongestLife { get; } = 2 * GenerationLength;

    /// <summary>The nonce to offer now: NQCHAR only (RFC 9449 §8.1).</summary>
    public string? Current => LivingNow().Current;

    /// <inheritdoc/>
    public bool AreDemanded => false;

    /// <summary>Nonces of a random key that lives and dies with this process: the embedded store's epoch and node.</summary>
    public static DPoPNonces CreateForProcess(VerifierClock clock, VerifierRole role)
    {
        // DPOP-AS-23, RFC 9449 §8, §11.2: nonces are unpredictable; nobody without this key can compute one.
        Span<byte> key = stackalloc byte[DPoPNonceKeys.MinimumLength];
        RandomNumberGenerator.Fill(key);
        return new(clock, role, key);
    }

    /// <inheritdoc/>
    public NonceStatus Check(ReadOnlySpan<char> nonce, out FreshnessAnchor anchor)
    {
        // DPOP-V-25, RFC 9449 §11.1: the nonce seals server time, so that the client's clock need not be trusted.
        // DPOP-AS-29, RFC 9449 §8: a rolling window of two generations, without state.
        Living living = LivingNow();
        if (FixedTimeEquals(nonce, living.Current))
        {
            anchor = AnchorOf(living.Generation);
            return NonceStatus.Current;
        }
        if (FixedTimeEquals(nonce, living.Previous))
        {
            anchor = AnchorOf(living.Generation - 1);
            return NonceStatus.Previous;
        }
        return CheckOther(nonce, living.Generation, out anchor);
    }

    private NonceStatus CheckOther(ReadOnlySpan<char> nonce, uint current, out FreshnessAnchor anchor)
    {
        anchor = default;
        Span<byte> presented = stackalloc byte[ByteLength];
        if (nonce.Length != TextLength || !StrictBase64Url.TryDecode(nonce, presented, out _))
            return NonceStatus.Unknown;

        uint generation = BinaryPrimitives.ReadUInt32BigEndian(presented[1..]);
        Span<byte> ours = stackalloc byte[ByteLength];
        // DPOP-RS-20, RFC 9449 §9: a nonce is accepted only by the role that issued it.
        if (!TrySeal(generation, ours) || !CryptographicOperations.FixedTimeEquals(presented, ours))
            return NonceStatus.Unknown;
        anchor = AnchorOf(generation);
        // An old nonce of ours is a slow client, a foreign one may be an attack: what is told apart here only decides what is recorded.
        if (generation < current)
            return NonceStatus.Stale;
        // The next generation's is that of a node whose clock is ahead of ours by no more than clocks may differ. One further ahead was never issued.
        return anchor.Time - _clock.Now <= DPoPProofPolicy.FutureWindow ? NonceStatus.Current : NonceStatus.Unknown;
    }

    private Living LivingNow()
    {
        uint generation = GenerationAt(_clock.Now);
        Living living = _living;
        // Two threads may mint at once: the same text, or a late one puts back the generation before for as long as one call takes.
        return living.Generation >= generation ? living : _living = Mint(generation);
    }

    private Living Mint(uint generation) => new(generation, Text(generation), Text(generation - 1));

    private string? Text(uint generation)
    {
        Span<byte> sealedTime = stackalloc byte[ByteLength];
        // DPOP-AS-25, RFC 9449 §8.1: one or more NQCHAR; base64url is a subset of it.
        return TrySeal(generation, sealedTime) ? Base64Url.EncodeToString(sealedTime) : null;
    }

    private bool TrySeal(uint generation, Span<byte> destination)
    {
        if (_keys.Of(generation) is not { } key)
            return false;
        ReadOnlySpan<byte> label = "holdfast-nonce"u8;
        destination[0] = Version;
        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], generation);

        Span<byte> message = stackalloc byte[label.Length + 1 + MacOffset];
        label.CopyTo(message);
        message[label.Length] = (byte)_role;
        destination[..MacOffset].CopyTo(message[(label.Length + 1)..]);

        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, message, mac);
        mac[..(ByteLength - MacOffset)].CopyTo(destination[MacOffset..]);
        return true;
    }

    // DPOP-V-39, RFC 9449 §4.2: an exact string, compared in fixed time.
    private static bool FixedTimeEquals(ReadOnlySpan<char> left, string? right) =>
        right is not null && CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(left), MemoryMarshal.AsBytes(right.AsSpan()));

    /// <summary>The generation of an instant: what <see cref="DPoPNonceKeys"/> count by.</summary>
    public static uint GenerationAt(DateTimeOffset time) => (uint)(time.ToUnixTimeSeconds() / (long)GenerationLength.TotalSeconds);

    private FreshnessAnchor AnchorOf(uint generation) =>
        new(DateTimeOffset.FromUnixTimeSeconds(generation * (long)GenerationLength.TotalSeconds), FromNonce: true, _keys.Epoch);

    private sealed record Living(uint Generation, string? Current, string? Previous);
}
