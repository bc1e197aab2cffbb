using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>
/// Compares secrets. A slow hash is slow once: a secret that was right is known again by its keyed hash, in memory alone, for as long as the client's entry stays
/// as it is. A wrong one costs the same for every client there is and for every one there is not, so that the time tells nothing; few are computed at a time, on
/// threads of their own, and what is more is told to wait. Whoever floods it with guesses keeps out no client whose secret is known already.
/// </summary>
internal sealed class ClientSecretVerifier(IClientSecretHasher hasher) : IDisposable
{
    /// <summary>How many wait for their turn: some two seconds.</summary>
    internal const int MaxWaiting = 16;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Lazy<byte[]> _hashOfNobody = new(() => hasher.Hash(RandomText.Secret()));
    private readonly ConditionalWeakTable<IssuerClient, byte[]> _known = [];
    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount / 2));
    private int _waiting;

    /// <summary>True where the secret is the client's; null where that cannot be found out now.</summary>
    /// <param name="snapshot">Where the client is from.</param>
    /// <param name="client">Null for one that does not exist, or has no secret.</param>
    /// <param name="secret">What was presented.</param>
    /// <param name="cancellationToken">Stops waiting for a turn.</param>
    public async ValueTask<bool?> IsRightAsync(IssuerSnapshot snapshot, IssuerClient? client, string secret, CancellationToken cancellationToken)
    {
        byte[] octets = Encoding.UTF8.GetBytes(secret);
        ClientSecretHash? expected = client?.SecretHash;
        // RFC 9700 §2.5: in fixed time, and hashed for a stranger too.
        bool isFast = CryptographicOperations.FixedTimeEquals(SHA256.HashData(octets), expected is { IsSlow: false, Octets: { Length: SHA256.HashSizeInBytes } fast } ? fast : _key)
            && expected is { IsSlow: false };
        byte[] fingerprint = HMACSHA256.HashData(_key, octets);
        bool isKnown = CryptographicOperations.FixedTimeEquals(fingerprint, client is not null && _known.TryGetValue(client, out byte[]? known) ? known : _key);
        if (isFast || isKnown)
            return true;
        if (!snapshot.HasSlowSecrets)
            return false;
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return null;
        }
        try
        {
            await _turns.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
        try
        {
            bool isRight = await Task.Factory.StartNew(() => hasher.Verify(secret, expected is { IsSlow: true } ? expected.Octets : _hashOfNobody.Value),
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default) && expected is { IsSlow: true };
            if (isRight)
                _known.AddOrUpdate(client!, fingerprint);
            return isRight;
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();
}
