using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Conformance;

/// <summary>Reads the PEM files that a target names.</summary>
internal static class CertificateFiles
{
    /// <summary>A certificate with its private key.</summary>
    public static X509Certificate2 ReadPair(string certificatePath, string keyPath) =>
        Read($"{certificatePath} and {keyPath}", () => X509Certificate2.CreateFromPemFile(certificatePath, keyPath));

    /// <summary>One certificate or several.</summary>
    public static X509Certificate2Collection ReadAuthorities(string path) => Read(path, () =>
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(path);
        return authorities.Count > 0 ? authorities : throw new CryptographicException("it holds none in PEM");
    });

    private static T Read<T>(string paths, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new DrillFailedException($"the certificate {paths} cannot be used: {e.Message}", e);
        }
    }
}
