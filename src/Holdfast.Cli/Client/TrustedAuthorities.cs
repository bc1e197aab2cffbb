using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Client;

/// <summary>Servers of a private certificate authority, trusted besides those that the system trusts.</summary>
internal static class TrustedAuthorities
{
    /// <summary>Connections that trust the authorities in this PEM file too. A file that holds none is a <see cref="CliException"/>.</summary>
    public static Func<HttpMessageHandler> Handlers(string path)
    {
        X509Certificate2Collection authorities = Read(path);
        return () =>
        {
            var handler = new SocketsHttpHandler();
            handler.SslOptions.CertificateChainPolicy = Policy(authorities);
            return handler;
        };
    }

    // The platform's own validation, with more roots; revocation as it is by default.
    private static X509ChainPolicy Policy(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        foreach (StoreLocation location in new[] { StoreLocation.LocalMachine, StoreLocation.CurrentUser })
        {
            using var store = new X509Store(StoreName.Root, location, OpenFlags.ReadOnly);
            policy.CustomTrustStore.AddRange(store.Certificates);
        }
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private static X509Certificate2Collection Read(string path)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CliException($"The certificate authorities in '{path}' cannot be read ({failure.Message.TrimEnd('.')}).", failure);
        }
        return authorities.Count > 0 ? authorities : throw new CliException($"'{path}' holds no certificate in PEM form.");
    }
}
