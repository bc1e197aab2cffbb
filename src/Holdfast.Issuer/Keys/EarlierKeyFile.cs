using System.Security.Cryptography;
using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>
/// The signing key of a version that kept it in the data directory, unencrypted: taken over into the registry, so that nobody's tokens break, and deleted once it can be
/// read there.
/// </summary>
internal sealed class EarlierKeyFile(IssuerConfig config, IRegistryStore store, IssuerRegistry registry, IssuerKeyRings rings, SigningKeys keys, NewKeys newKeys, TimeProvider timeProvider)
{
    private const string Name = "signing-key.pem";

    /// <summary>Takes the key over where there is one.</summary>
    /// <returns>Its identifier; null where there is none.</returns>
    /// <exception cref="IssuerStartupException">The file is damaged, or others can read it.</exception>
    /// <exception cref="StateUnavailableException">The database does not answer.</exception>
    public async ValueTask<string?> ImportAsync(CancellationToken cancellationToken)
    {
        string path = Path.Combine(config.DataDirectory, Name);
        try
        {
            if (!File.Exists(path))
                return null;
            IssuerDataDirectory.RequireOwnerOnly(path, "signing key");
            using ECDsa material = Parse(path, await File.ReadAllTextAsync(path, cancellationToken));
            var key = SigningKey.Create(material, SigningAlgorithms.ES256);
            IssuerSnapshot snapshot = await registry.GetAsync(cancellationToken);
            IssuerKeyRing ring = rings.Of(snapshot);
            if (ring.Find(key.Kid) is null)
            {
                await store.WriteAsync([ToWrite(ring, key, material)], RegistryActor.Issuer, cancellationToken);
                ring = rings.Of(await registry.GetNewerAsync(snapshot, cancellationToken));
            }
            // Deleted only when what was written can be used. Otherwise another process was faster, or it is tried again at the next start.
            if (ring.Find(key.Kid) is { } known && (known.Key.State != IssuerKeyState.Active || keys.Open(known).Key is not null))
                File.Delete(path);
            return key.Kid;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IssuerStartupException($"The signing key '{path}' cannot be read or deleted ({e.Message}); mend its permissions.", e);
        }
    }

    // Where others sign already, it verifies what it signed and no more.
    private RegistryWrite ToWrite(IssuerKeyRing ring, SigningKey key, ECDsa material)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        if (ring.Active is not null)
            return IssuerKeyWrites.AddRetiring(key, now);
        NewKey stored = newKeys.Store(key, material);
        return stored.Key is null ? throw new IssuerStartupException(stored.Problem!) : IssuerKeyWrites.Add(stored, IssuerKeyState.Active, now, now);
    }

    private static ECDsa Parse(string path, string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            // Public, or on another curve, it would only fail later.
            key.ExportParameters(includePrivateParameters: true);
            SigningKey.Create(key, SigningAlgorithms.ES256);
            return key;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new IssuerStartupException($"The signing key '{path}' is damaged, or not a P-256 private key in PEM; restore it from a backup, or delete it "
                + "(tokens signed with it are then refused).", e);
        }
    }
}
