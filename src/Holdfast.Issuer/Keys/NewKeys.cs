using System.Collections.Concurrent;
using System.Security.Cryptography;
using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>Where the next key comes from: made here and encrypted, or the next one that the settings name.</summary>
internal sealed class NewKeys(IssuerConfig config, PrivateKeyVault vault)
{
    // Where no key is left they are looked at every few seconds: each is opened once.
    private readonly ConcurrentDictionary<ExternalKey, SigningKey> _opened = new();

    /// <summary>A key that was never used, or why there is none.</summary>
    public NewKey Next(IssuerKeyRing ring) => config.Keys.External.Count == 0 ? Make() : NextExternal(ring);

    /// <summary>A key that is kept in the database, or why it cannot be.</summary>
    public NewKey Store(SigningKey key, AsymmetricAlgorithm material)
    {
        byte[] pkcs8 = material.ExportPkcs8PrivateKey();
        try
        {
            (byte[]? secret, string? problem) = vault.Protect(key.Kid, pkcs8);
            return problem is null ? new() { Key = key, Secret = secret } : new() { Problem = problem };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private NewKey Make()
    {
        using AsymmetricAlgorithm material = PrivateKey.Generate(config.Keys.Algorithm);
        return Store(SigningKey.Create(material, config.Keys.Algorithm), material);
    }

    // LIFE-06: one that was ever known is not taken again.
    private NewKey NextExternal(IssuerKeyRing ring)
    {
        List<string> problems = [];
        foreach (ExternalKey external in config.Keys.External)
        {
            try
            {
                SigningKey key = _opened.GetOrAdd(external, static external => external.Location.Open(external.Alg));
                if (ring.Find(key.Kid) is null)
                    return new() { Key = key, Location = external.Text };
            }
            catch (Exception e) when (e is CryptographicException or ArgumentException or PlatformNotSupportedException)
            {
                problems.Add($"'{external.Text}' cannot be opened ({e.Message}).");
            }
        }
        return new() { Problem = $"No key is left among Keys:External that was not used yet; make one in the module and name it there. {string.Join(' ', problems)}".TrimEnd() };
    }
}

/// <summary>A key that was never used, or the problem.</summary>
internal sealed record NewKey
{
    public SigningKey? Key { get; init; }
    public byte[]? Secret { get; init; }
    public string? Location { get; init; }
    public string? Problem { get; init; }
}
