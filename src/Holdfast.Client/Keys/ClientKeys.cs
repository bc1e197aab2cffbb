using System.Collections.Concurrent;
using System.Security.Cryptography;
using Holdfast.Client.Internal;
using Holdfast.Client.Tokens;
using Microsoft.Extensions.Logging;

namespace Holdfast.Client.Keys;

/// <summary>The two keys of a client: one says who it is, tokens are bound to the other. Read once, on first use; a certificate may stand in for either.</summary>
internal sealed class ClientKeys(ClientConfig config, ConcurrentDictionary<JwkThumbprint, string> issuersByKey, ILogger logger) : IDisposable
{
    private readonly List<AsymmetricAlgorithm> _owned = [];
    private IProofSigner? _proof;
    private IProofSigner? _assertion;

    /// <summary>Not for concurrent use: called within the single flight.</summary>
    public (IProofSigner? Proof, IProofSigner? Assertion) Get(ServerMetadata server)
    {
        if (config.BindsToKey)
            _proof ??= Unshared(ReadProofKey(server));
        if (config.ClientKey is not null || config.ClientKeyFile is not null)
            _assertion ??= ReadClientKey(server);
        return (_proof, _assertion);
    }

    public void Dispose() => _owned.ForEach(key => key.Dispose());

    private IProofSigner ReadProofKey(ServerMetadata server)
    {
        // DPOP-C-21, RFC 9449 §5.1: an algorithm that the server publishes.
        IReadOnlyCollection<string>? accepted = server.DPoPAlgorithms;
        if (config.ProofKey is not null)
            return SignatureAlgorithms.Checked(config.ProofKey, accepted, config.Issuer);
        string path = config.ProofKeyFile!;
        return Signer(path, () => File.Exists(path)
            ? KeyFile.Read(path)
            : KeyFile.ReadOrCreate(path, SignatureAlgorithms.ForNewKey(accepted, config.Issuer)), accepted);
    }

    private IProofSigner Unshared(IProofSigner key)
    {
        // DPOP-C-24: with one key at two issuers, a token that one of them stole fits the other's proofs.
        string other = issuersByKey.GetOrAdd(key.Thumbprint, config.Issuer);
        if (!string.Equals(other, config.Issuer, StringComparison.Ordinal))
            Log.KeyShared(logger, config.Name, key.Thumbprint, config.Issuer, other);
        return key;
    }

    private IProofSigner ReadClientKey(ServerMetadata server) => config.ClientKey is not null
        ? SignatureAlgorithms.Checked(config.ClientKey, server.AssertionAlgorithms, config.Issuer)
        : Signer(config.ClientKeyFile!, () => KeyFile.Read(config.ClientKeyFile!), server.AssertionAlgorithms);

    private IProofSigner Signer(string path, Func<AsymmetricAlgorithm> read, IReadOnlyCollection<string>? accepted)
    {
        AsymmetricAlgorithm key = read();
        try
        {
            IProofSigner signer = SignatureAlgorithms.ForKey(key, accepted, config.Issuer);
            _owned.Add(key);
            return signer;
        }
        catch (ArgumentException exception)
        {
            key.Dispose();
            throw new HoldfastClientException(HoldfastClientFailure.KeyFileDamaged,
                $"The key file '{path}' holds a key that cannot be used here: P-256, P-384, P-521, or RSA with 2048 to 4096 bits can.", exception);
        }
        catch (HoldfastClientException)
        {
            key.Dispose();
            throw;
        }
    }
}
