namespace Holdfast;

/// <summary>
/// The keys of nonces, by the generation from which each is used: nodes that hold the same keys make and accept the same nonces, also while a key is
/// exchanged. Immutable; keeps copies.
/// </summary>
public sealed class DPoPNonceKeys
{
    /// <summary>The shortest key, in bytes.</summary>
    public const int MinimumLength = 32;

    private readonly (uint First, byte[] Key)[] _newestFirst;

    /// <summary>Keys of an epoch, at least one, each with the first generation it is used for.</summary>
    /// <exception cref="ArgumentException">There is none, or one is too short.</exception>
    public DPoPNonceKeys(long epoch, IEnumerable<(long FirstGeneration, byte[] Key)> keys)
    {
        Epoch = epoch;
        _newestFirst = [.. keys.OrderByDescending(key => key.FirstGeneration).Select(key => ((uint)Math.Clamp(key.FirstGeneration, 0, uint.MaxValue), (byte[])key.Key.Clone()))];
        if (_newestFirst.Length == 0 || Array.Exists(_newestFirst, key => key.Key.Length < MinimumLength))
            throw new ArgumentException($"A nonce key has at least {MinimumLength} bytes.", nameof(keys));
    }

    /// <summary>Which records these nonces vouch for: 0 for those of this process.</summary>
    public long Epoch { get; }

    /// <summary>The key of a generation, or <see langword="null"/> where none was used then.</summary>
    internal byte[]? Of(uint generation)
    {
        foreach ((uint first, byte[] key) in _newestFirst)
        {
            if (first <= generation)
                return key;
        }
        return null;
    }
}
