using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;

namespace Holdfast.Issuer;

/// <summary>
/// Encrypts private keys for the database with ASP.NET Core Data Protection, whose key ring is a directory of its own: whoever has only the database, or a backup
/// of it, has no key (LIFE-14). Nodes of one issuer share the directory.
/// </summary>
internal sealed class PrivateKeyVault
{
    private const string ApplicationName = "Holdfast.Issuer";
    private const string Purpose = "Holdfast.Issuer.SigningKey.v1";

    private readonly string _directory;
    private readonly X509Certificate2[] _certificates;
    private volatile IDataProtectionProvider _provider;

    /// <summary>Opens the key ring.</summary>
    /// <exception cref="IssuerStartupException">The directory or a certificate cannot be used.</exception>
    public PrivateKeyVault(IssuerConfig config)
    {
        _directory = config.Keys.KeyRingDirectory;
        IssuerDataDirectory.Ensure(config.DataDirectory);
        IssuerDataDirectory.EnsureOwnerOnly(_directory, "key ring");
        _certificates = [.. config.Keys.KeyRingCertificateFiles.Select(ReadCertificate)];
        _provider = Open();
    }

    /// <summary>Encrypts a private key, for this <paramref name="kid"/> alone: exchanged in the database it cannot be read.</summary>
    /// <returns>The encrypted key, or why the key ring cannot be used.</returns>
    public (byte[]? Secret, string? Problem) Protect(string kid, byte[] pkcs8)
    {
        try
        {
            return (_provider.CreateProtector(Purpose, kid).Protect(pkcs8), null);
        }
        catch (Exception e) when (IsFault(e))
        {
            return (null, $"The key ring '{_directory}' cannot be used ({e.Message}); mend its permissions, or its certificate.");
        }
    }

    /// <summary>The private key; null where the key ring is not the one that encrypted it.</summary>
    public byte[]? Unprotect(string kid, byte[] secret)
    {
        if (TryUnprotect(kid, secret) is { } known)
            return known;
        // Another node may have added to the directory since it was read.
        _provider = Open();
        return TryUnprotect(kid, secret);
    }

    private byte[]? TryUnprotect(string kid, byte[] secret)
    {
        try
        {
            return _provider.CreateProtector(Purpose, kid).Unprotect(secret);
        }
        catch (Exception e) when (IsFault(e))
        {
            return null;
        }
    }

    private static bool IsFault(Exception e) => e is CryptographicException or IOException or UnauthorizedAccessException or InvalidOperationException;

    private IDataProtectionProvider Open() => DataProtectionProvider.Create(new DirectoryInfo(_directory), builder =>
    {
        builder.SetApplicationName(ApplicationName);
        if (_certificates.Length == 0)
            return;
        builder.ProtectKeysWithCertificate(_certificates[0]);
        builder.UnprotectKeysWithAnyCertificate(_certificates);
    });

    private static X509Certificate2 ReadCertificate(string path)
    {
        try
        {
            IssuerDataDirectory.RequireOwnerOnly(path, "certificate of the key ring");
            return X509Certificate2.CreateFromPemFile(path);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new IssuerStartupException($"The certificate of the key ring '{path}' cannot be read ({e.Message}); it is a PEM file with an RSA certificate and its private key.", e);
        }
    }
}
